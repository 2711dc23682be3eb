/**
 * Real accounts: people with accounts on two Stack Exchange sites, by what they state of themselves; and nick
 * changes on IRC, by the handle comparison alone. No label is used.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { handleStem } from '../src/persons/keys.ts';
import { learn } from '../src/persons/learn.ts';
import { PopulationBuilder } from '../src/persons/population.ts';
import { corpora } from './linking-data.ts';

const folder = path.join(corpora, 'forum/stackexchange');
const sites = ['bicycles.meta', 'history.meta'] as const;

const plain = (text: string) =>
  text.replace(
    /&(lt|gt|quot|amp|apos);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&', apos: "'" })[name]!,
  );

function stackExchange(): void {
  const builder = new PopulationBuilder([
    { name: 'name', kind: 'words', group: 'name' },
    { name: 'place', kind: 'text', group: 'location' },
    { name: 'website', kind: 'category', group: 'contact' },
  ]);
  const place = new Map<string, number>();
  const site: number[] = [];
  sites.forEach((name, s) => {
    const text = fs.readFileSync(path.join(folder, name, 'Users.xml'), 'utf8');
    for (const [, row] of text.matchAll(/<row ([^>]*)\/>/g)) {
      const value = (key: string) => plain(new RegExp(` ${key}="([^"]*)"`).exec(` ${row}`)?.[1] ?? '');
      const display = value('DisplayName');
      // Names that the software gives out itself say nothing of their holder.
      const name = /^user\d+$/.test(display) ? '' : display;
      for (const [f, each] of [name, value('Location'), value('WebsiteUrl')].entries()) builder.set(f, each);
      builder.end();
      place.set(`${s} ${value('Id')}`, site.length);
      site.push(s);
    }
  });
  const truth = new Set<string>();
  for (const line of fs
    .readFileSync(path.join(folder, 'same_person_truth.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)) {
    const [, first, second] = line.split('\t');
    truth.add(`${place.get(`0 ${first}`)} ${place.get(`1 ${second}`)}`);
  }
  const { clusters } = learn(builder.finish());
  const members = new Map<number, number[]>();
  for (const [i, cluster] of clusters.entries()) members.set(cluster, [...(members.get(cluster) ?? []), i]);
  let [found, right] = [0, 0];
  for (const list of members.values()) {
    for (const a of list.filter((i) => site[i] === 0)) {
      for (const b of list.filter((i) => site[i] === 1)) {
        found++;
        if (truth.has(`${a} ${b}`)) right++;
      }
    }
  }
  const [precision, recall] = [right / found, right / truth.size];
  process.stdout.write(
    `Stack Exchange: ${site.length} accounts, ${truth.size} true pairs, ${found} found, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, F1 ${((2 * precision * recall) / (precision + recall)).toFixed(3)}\n`,
  );
}

function ircNicks(): void {
  const rows = fs
    .readFileSync(path.join(corpora, 'chat/irc/nick_changes.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const changes = new Map(
    rows
      .filter(([, , from, to]) => from !== to)
      .map(([, , from, to]) => [`${from} ${to}`, [from!, to!] as const]),
  );
  const nicks = [...new Set([...changes.values()].flat())];
  const stems = nicks.map(handleStem);
  const counts = new Map<string, number>();
  for (const stem of stems) if (stem.length >= 5) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const same = [...changes.values()].filter(
    ([a, b]) => handleStem(a) === handleStem(b) && handleStem(a).length >= 5,
  ).length;
  const joined = [...counts.values()].reduce((sum, n) => sum + (n > 8 ? 0 : (n * (n - 1)) / 2), 0);
  process.stdout.write(
    `IRC: ${changes.size} distinct nick changes among ${nicks.length} nicks; same stem in ${same} (${((100 * same) / changes.size).toFixed(1)} %); pairs with one stem that no more than 8 nicks have: ${joined}\n`,
  );
}

stackExchange();
ircNicks();
