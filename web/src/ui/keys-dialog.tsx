import { useState } from 'react';
import { useListedCommands } from '../commands.ts';
import { areKeysOn, turnKeys } from '../keys.ts';
import { places } from '../places.tsx';
import { Dialog } from './dialog.tsx';
import { t } from './words.ts';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Every key, those of the view at hand first. */
export function KeysDialog({ open, onClose }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title={t('keys.title')} className="wide">
      <Keys onClose={onClose} />
    </Dialog>
  );
}

function Keys({ onClose }: { readonly onClose: () => void }) {
  const [on, setOn] = useState(areKeysOn);
  const commands = useListedCommands();
  const turn = (value: boolean) => {
    turnKeys(value);
    setOn(value);
  };
  const here = commands.flatMap(({ key, label }) => (key === undefined ? [] : [[[key], label] as const]));
  const everywhere = [
    [['j', 'k'], t('keys.next')],
    [['Enter'], t('keys.open')],
    [['/'], t('keys.filter')],
    [['Esc'], t('keys.leave')],
    [['Ctrl K', ':'], t('keys.palette')],
    [['?'], t('keys.help')],
    ...places.flatMap(({ listed }) => (listed ? [[['g', listed.key], t(listed.label)] as const] : [])),
  ] as const;
  return (
    <>
      {here.length > 0 && <List title={t('keys.here')} keys={here} />}
      <List title={t('keys.everywhere')} keys={everywhere} />
      <label>
        <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} />{' '}
        {t('keys.single')}
      </label>
      <p>
        <button type="button" onClick={onClose}>
          {t('common.close')}
        </button>
      </p>
    </>
  );
}

interface ListProps {
  readonly title: string;
  readonly keys: readonly (readonly [readonly string[], string])[];
}

function List({ title, keys }: ListProps) {
  return (
    <>
      <h3>{title}</h3>
      <dl className="keys">
        {keys.map(([pressed, what]) => (
          <div key={`${pressed.join(' ')} ${what}`}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
