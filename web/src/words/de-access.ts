import type { access as english } from './en-access.ts';

export const access: Readonly<Record<keyof typeof english, string>> = {
  'access.title': 'Anmelden',
  'access.name': 'Name',
  'access.password': 'Passwort',
  'access.enter': 'Anmelden',
  'access.hint':
    'Die Sitzung endet nach 30 Minuten ohne Benutzung und in jedem Fall nach 12 Stunden. Nach 100 falschen Passwörtern in Folge wird ein Benutzer gesperrt.',
  'access.first-title': 'Passwort wählen',
  'access.first':
    'Jemand anderes kennt das Passwort, mit dem Sie gekommen sind. Wählen Sie ein eigenes: mindestens 12 Zeichen.',
  'access.old': 'Bisheriges Passwort',
  'access.new': 'Neues Passwort',
  'access.change': 'Passwort setzen',
  'access.confirm-title': 'Noch einmal Ihr Passwort',
  'access.confirm-why':
    'Was Sie verlangt haben, gibt Daten heraus oder löscht sie: Geben Sie Ihr Passwort ein und wiederholen Sie es dann. Es gilt fünf Minuten.',
  'access.confirm': 'Bestätigen',
  'access.as': 'Angemeldet als',
  'access.leave': 'Abmelden',
  'access.withheld': 'Ihrer Rolle vorenthalten und im Gezeigten nicht mitgezählt:',
  'access.persons': '{n} Person|{n} Personen',
  'access.accounts': '{n} Konto|{n} Konten',
  'access.messages': '{n} Nachricht|{n} Nachrichten',
  'access.queue': '{n} Eintrag der Liste|{n} Einträge der Liste',
};
