/** Words of the views that follow a footprint: network, timeline, place, search, hand-offs, leads. */
export const follow = {
  'nav.network': 'Network',
  'nav.timeline': 'Timeline',
  'nav.places': 'Places',
  'nav.search': 'Search',
  'nav.hand-offs': 'Hand-offs',
  'nav.leads': 'Leads',
  'nav.files': 'Files',
} as const;
