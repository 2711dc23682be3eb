import { useState } from 'react';
import { api } from '../api.ts';
import { hrefOf } from '../parts.ts';
import { Link, navigate } from '../router.tsx';
import type { Evidence } from '../ui/evidence.ts';
import { count } from '../ui/numbers.ts';
import { Asked } from '../ui/page.tsx';
import { Section } from '../ui/section.tsx';
import { useAnswer } from '../use-answer.ts';
import { NetworkDrawing } from './network-drawing.tsx';
import { joined } from './network-graph.ts';
import { ContactTable } from './network-tables.tsx';
import './network.css';
import './footprint.css';
import { t } from '../ui/words.ts';

/** The strongest contacts of a person, drawn small, and the way to the whole neighbourhood. */
export function PersonNetwork({ person }: { readonly person: string }) {
  const [picked, setPicked] = useState<readonly Evidence[]>([]);
  const answer = useAnswer(`network of ${person}`, () => api.neighbours({ of: person, fan: 12, most: 13 }));
  return (
    <Section id="network" title={t('say.network')} note={t('say.a-contact-raises-nobodys')}>
      <Asked answer={answer} what={t('say.the-neighbourhood')}>
        {(around) => {
          const graph = joined([around]);
          return (
            <>
              <p>
                {count(around.reach.one)} {t('person-network.in-contact')}
                {around.hidden.nodes > 0 && t('person-network.hidden', { nodes: around.hidden.nodes })}.{' '}
                <Link href={hrefOf('/network', { of: person })}>
                  {t('person-network.the-whole-neighbourhood')}
                </Link>
              </p>
              {around.edges.length > 0 && (
                <>
                  <NetworkDrawing
                    graph={graph}
                    centre={around.of}
                    picked={picked}
                    pick={(node) => setPicked([node])}
                    expand={(node) => navigate(hrefOf('/network', { of: node }))}
                  />
                  <details>
                    <summary>{t('say.the-same-as-a')}</summary>
                    <ContactTable graph={graph} picked={picked} />
                  </details>
                </>
              )}
            </>
          );
        }}
      </Asked>
    </Section>
  );
}
