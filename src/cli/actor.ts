import * as os from 'node:os';

/** Id of the person at the keyboard, in the form that the ledger takes. */
export function actorId(): string {
  const name = process.env.WAYMARK_ACTOR ?? os.userInfo().username;
  return name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'local';
}
