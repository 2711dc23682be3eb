/** Logging in and out, and what a role may not see. */
export const access = {
  'access.title': 'Log in',
  'access.name': 'Name',
  'access.password': 'Password',
  'access.enter': 'Log in',
  'access.hint':
    'The session ends after 30 minutes without use, and after 12 hours in any case. After 100 wrong passwords in a row a user is locked.',
  'access.first-title': 'Choose a password',
  'access.first':
    'Somebody else knows the password you came with. Choose one of your own: 12 letters or more.',
  'access.old': 'Password until now',
  'access.new': 'New password',
  'access.change': 'Set the password',
  'access.confirm-title': 'Your password once more',
  'access.confirm-why':
    'What you asked for leaves or ends data: type your password, then do it again. It counts for five minutes.',
  'access.confirm': 'Confirm',
  'access.as': 'Logged in as',
  'access.leave': 'Log out',
  'access.withheld': 'Withheld from your role, and not counted in what is shown:',
  'access.persons': '{n} person|{n} persons',
  'access.accounts': '{n} account|{n} accounts',
  'access.messages': '{n} message|{n} messages',
  'access.queue': '{n} entry of the queue|{n} entries of the queue',
} as const;
