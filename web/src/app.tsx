import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { type Answer, type ApiError, api, followWork, type WorkEvent } from './api.ts';
import { useCommands } from './commands.ts';
import { useKeys } from './keys.ts';
import { placeOf, places } from './places.tsx';
import { addressOf, Link, navigate, type Route, routeOf, useAddress } from './router.tsx';
import { useSettings } from './settings.ts';
import { DisplayDialog } from './ui/display-dialog.tsx';
import { BreakReminder } from './ui/exposure-meter.tsx';
import { KeysDialog } from './ui/keys-dialog.tsx';
import { NavigationRail } from './ui/navigation-rail.tsx';
import { Palette } from './ui/palette.tsx';
import { speak, spoken, t } from './ui/words.ts';
import { WorkBar } from './ui/work-bar.tsx';
import { Epoch } from './use-answer.ts';
import { Door } from './views/log-in.tsx';

type Open = 'keys' | 'palette' | 'display' | null;

const letters = Object.fromEntries(
  places.flatMap(({ place, listed }) => (listed ? [[listed.key, `/${place}`]] : [])),
);

export function App() {
  const { language } = useSettings();
  const [shown, setShown] = useState(spoken);
  useEffect(() => {
    if (language !== '' && language !== spoken()) speak(language).then(() => setShown(language));
  }, [language]);
  return (
    <Door key={shown}>
      <Frame />
    </Door>
  );
}

function Frame() {
  const address = useAddress();
  const route = routeOf(address);
  const [count, setCount] = useState(0);
  const [operation, setOperation] = useState<Answer<'showOperation'>>();
  const [work, setWork] = useState<WorkEvent>();
  const [refused, setRefused] = useState<ApiError>();
  const [open, setOpen] = useState<Open>(null);
  const epoch = useMemo(() => ({ count, next: () => setCount((last) => last + 1) }), [count]);
  const close = useCallback(() => setOpen(null), []);
  useKeys({
    openHelp: useCallback(() => setOpen('keys'), []),
    // At once: the next letters are meant for it.
    openPalette: useCallback(() => flushSync(() => setOpen('palette')), []),
    go: navigate,
    places: letters,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew for each view and generation
  useEffect(() => {
    api.operation().then(setOperation, () => setOperation(undefined));
  }, [route.place, route.id, count]);
  useEffect(
    () =>
      followWork((event) => {
        setWork(event);
        if (event.kind === 'in force' || event.kind === 'done') setCount((last) => last + 1);
      }),
    [],
  );
  const build = () => {
    setRefused(undefined);
    api.build().catch(setRefused);
  };
  const building = work?.kind === 'progress';
  useCommands([
    ...(building ? [] : [{ id: 'build', label: t('shell.build'), act: build }]),
    { id: 'display', label: t('shell.display'), act: () => setOpen('display') },
  ]);
  return (
    <Epoch value={epoch}>
      <a className="skip" href="#content">
        {t('shell.skip')}
      </a>
      <header>
        <Link className="name" href={addressOf.queue}>
          Waymark
        </Link>
        <Summary operation={operation} />
        <button
          type="button"
          className="quiet find"
          onClick={() => setOpen('palette')}
          aria-haspopup="dialog"
        >
          {t('shell.find')} <kbd>Ctrl K</kbd>
        </button>
        <button type="button" className="quiet" onClick={build} disabled={building}>
          {t('shell.build')}
        </button>
        <button type="button" className="quiet" onClick={() => setOpen('display')} aria-haspopup="dialog">
          {t('shell.display')}
        </button>
        <button type="button" className="quiet" onClick={() => setOpen('keys')} aria-haspopup="dialog">
          {t('shell.keys')} <kbd>?</kbd>
        </button>
      </header>
      <div className="frame">
        <NavigationRail route={route} />
        <div className="stage">
          <WorkBar work={work} refused={refused} />
          <BreakReminder />
          <main id="content">
            <Suspense fallback={<h1 tabIndex={-1}>{t('shell.reading')}</h1>}>
              <Page route={route} />
            </Suspense>
          </main>
        </div>
      </div>
      <KeysDialog open={open === 'keys'} onClose={close} />
      <DisplayDialog open={open === 'display'} onClose={close} />
      {open === 'palette' && <Palette onClose={close} />}
    </Epoch>
  );
}

function Summary({ operation }: { readonly operation: Answer<'showOperation'> | undefined }) {
  if (!operation) return <p className="summary" />;
  const { generation, policyReports } = operation;
  return (
    <p className="summary">
      {policyReports > 0 && <strong className="bad">{t('shell.stopped', { n: policyReports })} </strong>}
      {generation === null ? (
        t('shell.unbuilt')
      ) : (
        <>
          <span>
            {t('shell.accounts', { n: generation.accounts })} ·{' '}
            {t('shell.persons', { n: generation.persons })} · {t('shell.queued', { n: generation.queued })}
          </span>
          <span>
            {t('shell.generation')} <code>{generation.id}</code>
          </span>
        </>
      )}
    </p>
  );
}

function Page({ route: { place, id } }: { readonly route: Route }) {
  const found = placeOf(place);
  if (id === null && found?.page) return <found.page />;
  if (id !== null && found?.one) return <found.one key={id} id={id} />;
  return (
    <>
      <h1 tabIndex={-1}>{t('shell.nowhere')}</h1>
      <p>
        <Link href={addressOf.queue}>{t('shell.go-queue')}</Link>
      </p>
    </>
  );
}
