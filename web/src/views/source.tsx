import { useState } from 'react';
import { type Answer, api, downloadAddress } from '../api.ts';
import { addressOf, Link, useQuery } from '../router.tsx';
import { decodeText, fromBase64, hexLines } from '../ui/bytes.ts';
import { asEvidence, isEmpty } from '../ui/evidence.ts';
import { EvidenceText, OpenedText } from '../ui/evidence-text.tsx';
import { countOpened } from '../ui/exposure.ts';
import { ExposureMeter } from '../ui/exposure-meter.tsx';
import { count } from '../ui/numbers.ts';
import { useOpening } from '../ui/opening.tsx';
import { Problem } from '../ui/problem.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { t } from '../ui/words.ts';
import { useAnswer } from '../use-answer.ts';

type Source = Answer<'showSource'>;

/** Lines of hex drawn at first. */
const firstLines = 256;

export function SourcePage() {
  const [{ pointer }] = useQuery({ pointer: '' });
  const answer = useAnswer(`source ${pointer}`, () => api.source(pointer), { fresh: true });
  return (
    <View title={t('say.source')} answer={answer}>
      {(source) => (
        <>
          <h1 tabIndex={-1}>{t('say.source')}</h1>
          <Facts source={source} />
          {source.closed ? (
            <Closed pointer={pointer} again={answer.again} />
          ) : source.bytes === null ? (
            <Withheld source={source} />
          ) : (
            <Bytes key={pointer} source={source} bytes={fromBase64(source.bytes)} pointer={pointer} />
          )}
        </>
      )}
    </View>
  );
}

function Facts({ source }: { readonly source: Source }) {
  return (
    <dl className="facts">
      <dt>{t('source.pointer')}</dt>
      <dd>
        <code>
          <EvidenceText value={source.pointer} />
        </code>
      </dd>
      <dt>{t('say.exhibit')}</dt>
      <dd>
        <Link href={addressOf.exhibit(source.exhibit)}>
          <code>{source.exhibit}</code>
        </Link>
        {source.reference !== null && t('source.reference', { reference: source.reference })}
        {t('source.authority')} {source.authority ?? <Unknown />}
      </dd>
      <dt>{t('source.received-as')}</dt>
      <dd>
        <EvidenceText value={source.received} />
      </dd>
      {!isEmpty(source.inner) && (
        <>
          <dt>{t('source.inside-it')}</dt>
          <dd>
            <EvidenceText value={source.inner} />
          </dd>
        </>
      )}
      <dt>{t('source.sha-256-of-the')}</dt>
      <dd>
        <code className="hash">{source.sha256}</code>
      </dd>
      <dt>{t('source.bytes')}</dt>
      <dd>
        {count(source.length)} {t('source.from-offset')} {count(source.offset)} {t('say.on')}
      </dd>
    </dl>
  );
}

/** Where the operation asks for more than a press: nothing of the bytes came yet. */
function Closed({ pointer, again }: { readonly pointer: string; readonly again: () => void }) {
  const { ask, dialog, asking, error } = useOpening(async (stated) => {
    await api.reveal(pointer, stated);
    countOpened();
    again();
  });
  return (
    <div className="closed">
      <p>{t('reading.closed')}</p>
      <button type="button" data-item="show-text" onClick={ask} disabled={asking}>
        {t('reading.title')}
      </button>
      {dialog}
      {error && <Problem error={error} />}
    </div>
  );
}

function Withheld({ source }: { readonly source: Source }) {
  return (
    <div className="empty">
      <p>
        {t('source.these-bytes-belong-to')} {source.withheld}
        {t('source.waymark-never-shows-or')}
      </p>
    </div>
  );
}

interface BytesProps {
  readonly source: Source;
  readonly bytes: Uint8Array;
  readonly pointer: string;
}

function Bytes({ source, bytes, pointer }: BytesProps) {
  const [all, setAll] = useState(false);
  const cut = source.shown < source.length;
  const lines = hexLines(bytes, source.offset, all ? Number.POSITIVE_INFINITY : firstLines);
  const total = Math.ceil(bytes.length / 16);
  return (
    <>
      {cut && (
        <p className="note">
          {t('source.the-first')} {count(source.shown)} {t('say.of')} {count(source.length)}{' '}
          {t('source.bytes-are-shown-the')}
        </p>
      )}
      <div className="bytes">
        <TextPane bytes={bytes} cut={cut} pointer={pointer} />
        <section aria-labelledby="hex-title">
          <h2 id="hex-title">{t('source.bytes')}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="hex" tabIndex={0}>
            {lines.join('\n')}
          </pre>
          {!all && total > firstLines && (
            <button type="button" className="quiet" onClick={() => setAll(true)}>
              {t('say.show-all')} {count(total)} {t('source.lines')}
            </button>
          )}
          <p>
            <a href={downloadAddress(pointer)} download>
              {t('source.download-the-bytes')}
            </a>
          </p>
        </section>
      </div>
    </>
  );
}

interface TextProps {
  readonly bytes: Uint8Array;
  readonly cut: boolean;
  readonly pointer: string;
}

/** Closed until somebody decides to read; that they did is recorded before anything is shown. */
function TextPane({ bytes, cut, pointer }: TextProps) {
  const [isOpen, setOpen] = useState(false);
  const { ask, dialog, asking, error } = useOpening(async (stated) => {
    await api.reveal(pointer, stated);
    countOpened();
    setOpen(true);
  });
  return (
    <section aria-labelledby="text-title">
      <h2 id="text-title">{t('source.text')}</h2>
      {isOpen ? (
        <Decoded bytes={bytes} cut={cut} />
      ) : (
        <div className="closed">
          <p>
            {t('n.byte', { n: bytes.length })} {t('source.of-original-text-closed')}
          </p>
          <button type="button" data-item="show-text" onClick={ask} disabled={asking}>
            {t('say.show-text')}
          </button>
          <p className="muted">{t('source.that-you-read-it')}</p>
        </div>
      )}
      {dialog}
      {error && <Problem error={error} />}
    </section>
  );
}

function Decoded({ bytes, cut }: { readonly bytes: Uint8Array; readonly cut: boolean }) {
  const { text, encoding } = decodeText(bytes, cut);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="text" tabIndex={0}>
        <OpenedText value={asEvidence(text)} otherwise={t('say.empty')} />
      </pre>
      <p className="muted">
        {t('say.read-as')} {encoding}
        {t('say.reading-was-recorded-in')} <ExposureMeter />
      </p>
    </>
  );
}
