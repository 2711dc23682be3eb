import type { follow as english } from './en-follow.ts';

export const follow: Readonly<Record<keyof typeof english, string>> = {
  'nav.network': 'Netzwerk',
  'nav.timeline': 'Zeitachse',
  'nav.places': 'Orte',
  'nav.search': 'Suche',
  'nav.hand-offs': 'Kanalwechsel',
  'nav.leads': 'Ansätze',
  'nav.files': 'Dateien',
};
