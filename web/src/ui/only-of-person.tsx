import { changeParts } from '../parts.ts';
import { addressOf, Link } from '../router.tsx';
import { t } from './words.ts';

interface Props {
  readonly person: string;
  readonly words: string;
}

/** Says that a list shows one person's alone, and shows all again when asked; nothing where all are shown. */
export function OnlyOfPerson({ person, words }: Props) {
  if (person === '') return null;
  return (
    <p>
      {words} <Link href={addressOf.person(person)}>{person}</Link>{' '}
      <button
        type="button"
        className="quiet small"
        onClick={() => changeParts({ person: null, offset: null })}
      >
        {t('say.show-all')}
      </button>
    </p>
  );
}
