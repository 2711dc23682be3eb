import { useState } from 'react';
import { type Answer, ApiError, api, downloadAddress } from '../api.ts';
import { addressOf, Link, useQuery } from '../router.tsx';
import { decodeText, fromBase64, hexLines } from '../ui/bytes.ts';
import { asEvidence, isEmpty } from '../ui/evidence.ts';
import { EvidenceText, OpenedText } from '../ui/evidence-text.tsx';
import { countOpened } from '../ui/exposure.ts';
import { ExposureMeter } from '../ui/exposure-meter.tsx';
import { count, counted } from '../ui/numbers.ts';
import { Problem } from '../ui/problem.tsx';
import { Unknown } from '../ui/unknown.tsx';
import { View } from '../ui/view.tsx';
import { useAnswer } from '../use-answer.ts';

type Source = Answer<'showSource'>;

/** Lines of hex drawn at first. */
const firstLines = 256;

export function SourcePage() {
  const [{ pointer }] = useQuery({ pointer: '' });
  const answer = useAnswer(`source ${pointer}`, () => api.source(pointer), { fresh: true });
  return (
    <View title="Source" answer={answer}>
      {(source) => (
        <>
          <h1 tabIndex={-1}>Source</h1>
          <Facts source={source} />
          {source.bytes === null ? (
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
      <dt>Pointer</dt>
      <dd>
        <code>
          <EvidenceText value={source.pointer} />
        </code>
      </dd>
      <dt>Exhibit</dt>
      <dd>
        <Link href={addressOf.exhibit(source.exhibit)}>
          <code>{source.exhibit}</code>
        </Link>
        {source.reference !== null && `, reference ${source.reference}`}, authority{' '}
        {source.authority ?? <Unknown />}
      </dd>
      <dt>Received as</dt>
      <dd>
        <EvidenceText value={source.received} />
      </dd>
      {!isEmpty(source.inner) && (
        <>
          <dt>Inside it</dt>
          <dd>
            <EvidenceText value={source.inner} />
          </dd>
        </>
      )}
      <dt>SHA-256 of the exhibit</dt>
      <dd>
        <code className="hash">{source.sha256}</code>
      </dd>
      <dt>Bytes</dt>
      <dd>
        {count(source.length)} from offset {count(source.offset)} on
      </dd>
    </dl>
  );
}

function Withheld({ source }: { readonly source: Source }) {
  return (
    <div className="empty">
      <p>
        These bytes belong to a file of type {source.withheld}. Waymark never shows or gives out pictures or
        films: it works with their hashes.
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
          The first {count(source.shown)} of {count(source.length)} bytes are shown; the download has all.
        </p>
      )}
      <div className="bytes">
        <TextPane bytes={bytes} cut={cut} pointer={pointer} />
        <section aria-labelledby="hex-title">
          <h2 id="hex-title">Bytes</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className="hex" tabIndex={0}>
            {lines.join('\n')}
          </pre>
          {!all && total > firstLines && (
            <button type="button" className="quiet" onClick={() => setAll(true)}>
              Show all {count(total)} lines
            </button>
          )}
          <p>
            <a href={downloadAddress(pointer)} download>
              Download the bytes
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
  const [state, setState] = useState<'closed' | 'asking' | 'open'>('closed');
  const [error, setError] = useState<ApiError>();
  const reveal = async () => {
    setState('asking');
    setError(undefined);
    try {
      await api.reveal(pointer);
      countOpened();
      setState('open');
    } catch (caught) {
      if (!(caught instanceof ApiError)) throw caught;
      setError(caught);
      setState('closed');
    }
  };
  return (
    <section aria-labelledby="text-title">
      <h2 id="text-title">Text</h2>
      {state === 'open' ? (
        <Decoded bytes={bytes} cut={cut} />
      ) : (
        <div className="closed">
          <p>{counted(bytes.length, 'byte')} of original text, closed.</p>
          <button type="button" data-item="show-text" onClick={reveal} disabled={state === 'asking'}>
            Show text
          </button>
          <p className="muted">That you read it is recorded in the ledger.</p>
        </div>
      )}
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
        <OpenedText value={asEvidence(text)} otherwise="empty" />
      </pre>
      <p className="muted">
        Read as {encoding}. Reading was recorded in the ledger. <ExposureMeter />
      </p>
    </>
  );
}
