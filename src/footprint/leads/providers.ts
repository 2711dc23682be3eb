/**
 * Who runs a service, as far as everybody knows. The names help to find the addressee; contact details and the
 * legal entity for a country are the requesting authority's to look up.
 */
const domains: readonly (readonly [provider: string, domains: readonly string[]])[] = [
  ['Google', ['gmail.com', 'googlemail.com']],
  [
    'Microsoft',
    [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'hotmail.co.uk',
      'outlook.de',
      'live.nl',
      'hotmail.fr',
    ],
  ],
  ['Yahoo', ['yahoo.com', 'ymail.com', 'yahoo.co.uk', 'yahoo.de', 'yahoo.fr', 'aol.com', 'rocketmail.com']],
  ['Apple', ['icloud.com', 'me.com', 'mac.com']],
  ['Proton', ['protonmail.com', 'proton.me', 'pm.me', 'protonmail.ch']],
  ['Tuta', ['tutanota.com', 'tuta.io', 'tutanota.de', 'tuta.com']],
  ['GMX / WEB.DE', ['gmx.de', 'gmx.net', 'gmx.com', 'gmx.at', 'gmx.ch', 'web.de', 'mail.com']],
  ['Yandex', ['yandex.ru', 'yandex.com', 'ya.ru']],
  ['VK (Mail.ru)', ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru']],
  ['Zoho', ['zoho.com', 'zohomail.com']],
  ['Meta', ['facebook.com', 'm.me', 'instagram.com', 'wa.me', 'chat.whatsapp.com']],
  ['Discord', ['discord.gg', 'discord.com', 'discordapp.com']],
  ['Telegram', ['t.me', 'telegram.me']],
  ['Signal', ['signal.me', 'signal.group']],
  ['Microsoft (Skype)', ['join.skype.com']],
  ['VK', ['vk.com']],
];
const services: Readonly<Record<string, string>> = {
  discord: 'Discord',
  telegram: 'Telegram',
  whatsapp: 'Meta (WhatsApp)',
  instagram: 'Meta (Instagram)',
  skype: 'Microsoft (Skype)',
  snapchat: 'Snap',
  kik: 'MediaLab (Kik)',
  wickr: 'Amazon Web Services (Wickr)',
  threema: 'Threema',
  signal: 'Signal',
  viber: 'Rakuten (Viber)',
  icq: 'VK (ICQ)',
};
/** Services that nobody runs for all: the account's own server, or none. */
const serverless = new Set(['jabber', 'matrix', 'tox', 'session']);

const byDomain = new Map(
  domains.flatMap(([provider, names]) => names.map((name) => [name, provider] as const)),
);

/** The provider of a mail or web domain: by its well-known name, else whoever runs the domain. */
export function providerOfDomain(domain: string): { provider: string | null; basis: string } {
  const known = byDomain.get(domain.replace(/^www\./, ''));
  if (known !== undefined) return { provider: known, basis: `runs ${domain}` };
  return {
    provider: domain,
    basis: 'whoever runs this domain: see its registration and its mail exchanger of that time',
  };
}

export function providerOfService(service: string): { provider: string | null; basis: string } {
  const known = services[service];
  if (known !== undefined) return { provider: known, basis: `runs ${service}` };
  if (serverless.has(service))
    return {
      provider: null,
      basis: `${service} has no single provider: the server is named in the id, or there is none`,
    };
  return { provider: service, basis: 'the service as the evidence names it' };
}
