import { addressOf, Link } from '../router.tsx';
import { type Evidence, keyOf, plain } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';
import { t } from './words.ts';

interface Props {
  readonly pointer: Evidence;
  /** What it is the source of, for those who hear the page. */
  readonly of: string;
  readonly label?: string;
  /** Whether j and k stop here. */
  readonly item?: boolean;
}

/** The way to the original bytes. What is no pointer into an exhibit (a decision) is named instead. */
export function SourceLink({ pointer, of, label = t('source-link.source'), item = false }: Props) {
  if (!/^[0-9a-f]{16}(\/.*)?@\d+\+\d+$/s.test(plain(pointer))) return <EvidenceText value={pointer} />;
  return (
    <>
      <Link
        className="source"
        href={addressOf.source(pointer)}
        aria-label={t('say.source-of', { label, of })}
        {...(item && { 'data-item': keyOf(pointer) })}
      >
        {label}
      </Link>
      <span className="on-paper">
        {' '}
        <EvidenceText value={pointer} />
      </span>
    </>
  );
}

interface LinksProps {
  readonly pointers: readonly Evidence[];
  readonly of: string;
  /** What each is called; "source" and its number otherwise. */
  readonly labels?: readonly string[];
  /** Whether j and k stop at each. */
  readonly items?: boolean;
}

/** Links to several places, side by side. */
export function SourceLinks({ pointers, of, labels = [], items = false }: LinksProps) {
  return (
    <span className="sources">
      {pointers.map((pointer, index) => (
        <SourceLink
          key={keyOf(pointer, index)}
          pointer={pointer}
          of={of}
          label={
            labels[index] ??
            (index === 0 ? t('source-link.source') : t('say.source-number', { number: String(index + 1) }))
          }
          item={items}
        />
      ))}
    </span>
  );
}
