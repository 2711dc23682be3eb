import { useEffect, useRef, useState } from 'react';
import { areKeysOn, turnKeys } from '../keys.ts';

const keys = [
  [['j', 'k'], 'next, previous item'],
  [['Enter'], 'open the item'],
  [['/'], 'go to the filter'],
  [['Esc'], 'leave the filter; then back to the view before'],
  [['g', 'q'], 'queue'],
  [['g', 'p'], 'persons'],
  [['g', 'e'], 'exhibits'],
  [['g', 'l'], 'ledger'],
  [['?'], 'this list'],
] as const;

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
}

export function KeysDialog({ open, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(areKeysOn);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const turn = (value: boolean) => {
    turnKeys(value);
    setOn(value);
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl className="keys">
        {keys.map(([pressed, what]) => (
          <div key={what}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} /> Single keys
        are on
      </label>
      <p>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </p>
    </dialog>
  );
}
