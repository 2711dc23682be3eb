import {
  type FormEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Answer, api, passwordWanted, turnedAway, withheldNow } from '../api.ts';
import { Dialog } from '../ui/dialog.tsx';
import { EvidenceText } from '../ui/evidence-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { t } from '../ui/words.ts';
import { forgetAnswers } from '../use-answer.ts';
import { useWork } from '../use-work.ts';

type Session = Answer<'showSession'>;

/** Shows what is inside to whoever is logged in, or to the one officer of a machine; the log-in to all others. */
export function Door({ children }: { readonly children: ReactNode }) {
  const [session, setSession] = useState<Session | 'asked' | 'no answer'>('asked');
  const ask = useCallback(() => {
    api.session().then(
      (next) => {
        if (next.user === null) forgetAnswers();
        setSession(next);
      },
      () => setSession('no answer'),
    );
  }, []);
  useEffect(() => {
    ask();
    return turnedAway(ask);
  }, [ask]);
  if (session === 'asked') return null;
  // Without an answer the page itself says what is wrong.
  if (session === 'no answer' || session.mode === 'one officer') return children;
  if (session.user === null) return <LogIn onDone={ask} />;
  if (session.must_change) return <FirstPassword onDone={ask} />;
  return (
    <>
      <LoggedIn session={session} onLeave={ask} />
      {children}
      <Confirm />
    </>
  );
}

function LogIn({ onDone }: { readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <Form
      title={t('access.title')}
      submit={t('access.enter')}
      ready={name !== '' && password !== ''}
      act={() => api.logIn({ name: name.trim(), password })}
      onDone={onDone}
    >
      <Field label={t('access.name')} value={name} onChange={setName} autoComplete="username" />
      <Field
        label={t('access.password')}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        secret
      />
      <p className="muted">{t('access.hint')}</p>
    </Form>
  );
}

function FirstPassword({ onDone }: { readonly onDone: () => void }) {
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');
  return (
    <Form
      title={t('access.first-title')}
      submit={t('access.change')}
      ready={password !== '' && next !== ''}
      act={() => api.changePassword({ password, next })}
      onDone={onDone}
    >
      <p>{t('access.first')}</p>
      <Field
        label={t('access.old')}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        secret
      />
      <Field label={t('access.new')} value={next} onChange={setNext} autoComplete="new-password" secret />
    </Form>
  );
}

interface FormProps {
  readonly title: string;
  readonly submit: string;
  readonly ready: boolean;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

function Form({ title, ...rest }: FormProps) {
  return (
    <main id="content">
      <h1 tabIndex={-1}>{title}</h1>
      <Fields {...rest} />
    </main>
  );
}

function Fields({ submit, ready, act, onDone, children }: Omit<FormProps, 'title'>) {
  const { working, error, run } = useWork();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(act)) onDone();
  };
  return (
    <form onSubmit={send}>
      {children}
      {error && <Problem error={error} />}
      <button type="submit" disabled={!ready || working}>
        {submit}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete: string;
  readonly secret?: boolean;
}

function Field({ label, value, onChange, autoComplete, secret = false }: FieldProps) {
  const id = useId();
  return (
    <p>
      <label htmlFor={id}>{label}</label>{' '}
      <input
        id={id}
        type={secret ? 'password' : 'text'}
        value={value}
        autoComplete={autoComplete}
        onChange={(event) => onChange(event.target.value)}
        required
      />
    </p>
  );
}

/** Asks for the password once more, when the server wants it before an act; the act is then to be done again. */
function Confirm() {
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  useEffect(() => passwordWanted(() => setOpen(true)), []);
  const close = () => {
    setOpen(false);
    setPassword('');
  };
  return (
    <Dialog open={open} onClose={close} title={t('access.confirm-title')}>
      <Fields
        submit={t('access.confirm')}
        ready={password !== ''}
        act={() => api.confirm({ password })}
        onDone={close}
      >
        <p>{t('access.confirm-why')}</p>
        <Field
          label={t('access.password')}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          secret
        />
      </Fields>
    </Dialog>
  );
}

const told = ['persons', 'accounts', 'messages', 'queue'] as const;

/** Who is logged in, what is withheld from them, and the way out. */
function LoggedIn({ session, onLeave }: { readonly session: Session; readonly onLeave: () => void }) {
  const withheld = useSyncExternalStore(withheldNow.follow, withheldNow.get);
  const parts = told.flatMap((thing) => {
    const n = withheld[thing] ?? 0;
    return n > 0 ? [t(`access.${thing}`, { n })] : [];
  });
  return (
    <div className="line" role="status">
      <span>
        {t('access.as')} {session.full_name !== null && <EvidenceText value={session.full_name} />}
      </span>
      {parts.length > 0 && (
        <span>
          {t('access.withheld')} {parts.join(', ')}
        </span>
      )}
      <button type="button" className="quiet" onClick={() => api.logOut().then(onLeave, onLeave)}>
        {t('access.leave')}
      </button>
    </div>
  );
}
