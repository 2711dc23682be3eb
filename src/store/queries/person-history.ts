/** Persons and links of stored generations, for comparing one with another. Files are whole paths. */

function from(file: string): string {
  return `read_parquet('${file.replaceAll("'", "''")}')`;
}

/** Every account of the persons that hold one of $accounts, with its person. */
export function personsHolding(file: string): string {
  return `
select person, account from ${from(file)}
where person in (select person from ${from(file)} where account in (select unnest($accounts)))
order by person, account`;
}

/** The accounts of a person. */
export function accountsOf(file: string): string {
  return `select account from ${from(file)} where person = $person order by account`;
}

/** Which of $accounts the generation knows at all. */
export function knownAmong(file: string): string {
  return `select account from ${from(file)} where account in (select unnest($accounts)) order by account`;
}

/** Links between $accounts, strongest first. */
export function linksBetween(file: string): string {
  return `
select account_a as a, account_b as b, bits, decision, evidence from ${from(file)}
where account_a in (select unnest($accounts)) and account_b in (select unnest($accounts))
order by bits desc, account_a, account_b`;
}
