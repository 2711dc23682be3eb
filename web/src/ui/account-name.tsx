import { addressOf, Link } from '../router.tsx';
import { type Evidence, keyOf } from './evidence.ts';
import { EvidenceText } from './evidence-text.tsx';

interface Props {
  readonly handle: Evidence | null;
  readonly account: Evidence;
  readonly person: string | null;
  /** Where j and k stop; without it they pass by. */
  readonly item?: Evidence;
}

/** An account by its handle, leading to the person it was proposed to be of. */
export function AccountName({ handle, account, person, item }: Props) {
  const name = <EvidenceText value={handle ?? account} />;
  if (person === null) return name;
  return (
    <Link href={addressOf.person(person)} {...(item !== undefined && { 'data-item': keyOf(item) })}>
      {name}
    </Link>
  );
}
