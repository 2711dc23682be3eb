const accountColumns: readonly (readonly [table: string, column: string])[] = [
  ['account', 'account'],
  ['sighting', 'account'],
  ['event', 'account'],
  ['event', 'target'],
  ['message', 'sender'],
  ['file', 'account'],
  ['relation', 'from_account'],
  ['relation', 'to_account'],
];

/** Accounts that only $exhibit knows of: with it they are gone. */
export const accountsOnlyIn = `
with every as (
  ${accountColumns.map(([table, column]) => `select ${column} as account, exhibit from ${table}`).join('\n  union all ')}
)
select account from every where account is not null
group by account having bool_and(exhibit = $exhibit) order by account`;

/** Which exhibits know which accounts of $accounts. */
export const exhibitsOfAccounts = `
with every as (
  ${accountColumns.map(([table, column]) => `select ${column} as account, exhibit from ${table}`).join('\n  union all ')}
)
select distinct exhibit, account from every where account in (select unnest($accounts)) order by exhibit, account`;
