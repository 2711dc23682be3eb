import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { after, test } from 'node:test';
import { Operation } from '../../src/store/operation.ts';
import { checkLedger } from '../../src/workbench/ledger.ts';
import {
  acceptCosigned,
  acceptStamp,
  checkpointPage,
  initWitness,
  offerLedger,
  requestStamp,
  trustWitness,
  witnessOffer,
} from '../../src/workbench/witnesses.ts';
import { hasOpenssl, makeAuthority } from '../ledger/timestamp-authority.ts';
import { temporaryFolder } from '../support/waymark.ts';

const { folder, remove } = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);
const operation = Operation.open(at('operation'), { actor: 'tester' });
const { vkey: ownKey } = operation.ledgerIdentity();
const office = initWitness(at('office'), 'office.example/witness');
const seconds = 1_679_315_147;
after(() => {
  operation.close();
  remove();
});

/** Something that makes a ledger longer. */
async function act(times: number, where = operation, from = 0): Promise<void> {
  await where.exclusively(async () => {
    for (let n = 0; n < times; n++)
      where.record({ action: 'exhibit.read', objects: [], facts: { n: from + n } });
  });
}

/** Offers, lets a witness cosign, and takes it in. */
async function round(witness: string, since?: number): Promise<number> {
  const { text, size } = await offerLedger(operation, { witness, since });
  const place = witness.startsWith('office') ? 'office' : 'court';
  const { note } = await witnessOffer(at(place), text, seconds, { key: ownKey });
  await acceptCosigned(operation, note);
  return size;
}

test('a witness on a second machine cosigns by file, and the check says who, what and when', async () => {
  await act(5);
  const { text, since } = await offerLedger(operation, {});
  assert.equal(since, 0);
  await assert.rejects(
    witnessOffer(at('office'), text, seconds, {}),
    /has not been seen here before|not been seen/,
  );
  const { note } = await witnessOffer(at('office'), text, seconds, { key: ownKey });
  await assert.rejects(acceptCosigned(operation, note), {
    code: 'usage',
    message: /no witness that is trusted/,
  });
  assert.equal(await trustWitness(operation, office.vkey), 'office.example/witness');
  await assert.rejects(trustWitness(operation, ownKey), { code: 'usage' });
  assert.deepEqual(await acceptCosigned(operation, note), [
    {
      witness: 'office.example/witness',
      keyId: office.vkey.split('+')[1],
      size: 5,
      time: '2023-03-20T12:25:47.000Z',
    },
  ]);
  await act(300);
  assert.equal((await offerLedger(operation, {})).since, 5, 'from the size cosigned last');
  const size = await round('office.example/witness');
  const check = await checkLedger(operation);
  assert.deepEqual([check.ok, check.vouchers.problems], [true, []]);
  assert.deepEqual(
    check.vouchers.cosigned.map((each) => each.size),
    [5, size],
  );
});

test('the printed page holds the checkpoint, who has seen it, and fits on paper', async () => {
  const page = await checkpointPage(operation, '2026-01-31T09:30:00Z');
  assert.match(page, /Cosigned {5}5 entries by office\.example\/witness/);
  for (const line of page.split('\n').filter((each) => !/^(Key|—)/.test(each)))
    assert.ok(line.length <= 80, line);
  assert.ok(page.includes(operation.readLedger().checkpoint));
  const root = /Root\s+([0-9a-f ]+)\n\s+([0-9a-f ]+)\n/.exec(page)!;
  assert.equal(`${root[1]}${root[2]}`.replaceAll(' ', ''), operation.readLedger().root.toString('hex'));
  const empty = Operation.open(at('empty'), { actor: 'tester' });
  assert.match(await checkpointPage(empty, '2026-01-31T09:30:00Z'), /Cosigned {5}by nobody yet/);
  empty.close();
});

test('a ledger put back, or gone on another way, is refused with the first bad index on both sides', async () => {
  fs.cpSync(at('operation'), at('kept'), { recursive: true });
  const before = operation.readLedger().size;
  await act(20);
  const size = await round('office.example/witness');
  const newest = operation.path('witness', `${size}.checkpoint`);
  const kept = Operation.openExisting(at('kept'), { actor: 'tester' });
  const old = await offerLedger(kept, { since: 5 });
  await assert.rejects(witnessOffer(at('office'), old.text, seconds, {}), {
    code: 'integrity',
    message: `not cosigned: first bad index ${before}: ${size} entries were cosigned here, ${before} are left`,
  });
  await assert.rejects(acceptCosigned(kept, fs.readFileSync(newest, 'utf8')), {
    message: `the witness has seen ${size} entries, ${before} are left: first bad index ${before}`,
  });
  await act(40, kept, 1000);
  const fork = await offerLedger(kept, { since: size });
  await assert.rejects(witnessOffer(at('office'), fork.text, seconds, {}), /first bad index between 0 and/);
  const lastGood = before - 1;
  await assert.rejects(
    witnessOffer(at('office'), fork.text, seconds, { ledger: kept.path('ledger') }),
    (error: Error) => {
      const named = Number(/first bad index in the copy: (\d+)/.exec(error.message)?.[1]);
      assert.ok(named <= before && named >= lastGood - 1, `${named}, forked at ${before}`);
      return true;
    },
  );
  const whole = { ledger: operation.path('ledger') };
  await assert.rejects(
    witnessOffer(at('office'), fork.text, seconds, whole),
    /agrees with what was cosigned/,
  );
  await assert.rejects(
    acceptCosigned(kept, fs.readFileSync(newest, 'utf8')),
    /are not those that the witness/,
  );
  kept.close();
});

test('a kept cosignature that was changed, or that the ledger does not extend, fails the check', async () => {
  const file = operation.path('witness', '5.checkpoint');
  const text = fs.readFileSync(file, 'utf8');
  const line = text.lastIndexOf(' ') + 60;
  fs.writeFileSync(file, `${text.slice(0, line)}${text[line] === 'A' ? 'B' : 'A'}${text.slice(line + 1)}`);
  const changed = await checkLedger(operation);
  assert.equal(changed.ok, false);
  assert.equal(changed.vouchers.problems[0]?.file, 'witness/5.checkpoint');
  fs.writeFileSync(file, text);
  fs.copyFileSync(file, operation.path('witness', '6.checkpoint'));
  assert.match((await checkLedger(operation)).vouchers.problems[0]!.what, /not of the size/);
  fs.rmSync(operation.path('witness', '6.checkpoint'));
  assert.equal((await checkLedger(operation)).ok, true);
});

test('two witnesses: offers say for whom, and cosignatures of one size stand together', async () => {
  const court = initWitness(at('court'), 'court.example/witness');
  await trustWitness(operation, court.vkey);
  await round('court.example/witness');
  await assert.rejects(offerLedger(operation, {}), { code: 'usage', message: /several witnesses/ });
  const size = operation.readLedger().size;
  const offers = await Promise.all(
    ['office.example/witness', 'court.example/witness'].map((witness) => offerLedger(operation, { witness })),
  );
  const notes = await Promise.all(
    ['office', 'court'].map((place, n) => witnessOffer(at(place), offers[n]!.text, seconds + 9, {})),
  );
  for (const { note } of notes) await acceptCosigned(operation, note);
  const note = fs.readFileSync(operation.path('witness', `${size}.checkpoint`), 'utf8');
  assert.equal(note.match(/^— (court|office)\.example/gm)?.length, 2);
  assert.equal((await checkLedger(operation)).ok, true);
});

const skip = hasOpenssl ? false : 'this machine has no openssl, which plays the authority';
test('a time stamp: requested by file, answered elsewhere, checked offline and kept', { skip }, async () => {
  const authority = makeAuthority(at('authority'), 'rsa');
  const accept = (answer: Buffer) => acceptStamp(operation, answer, authority.root);
  await assert.rejects(accept(Buffer.from('x')), { code: 'not-found' });
  const { size, request } = await requestStamp(operation);
  assert.deepEqual((await requestStamp(operation)).request, request, 'one request for one size');
  assert.deepEqual((await checkLedger(operation)).vouchers.requested, [size]);
  await assert.rejects(accept(Buffer.from('x')), { code: 'unreadable' });
  const answer = authority.answer(request);
  assert.ok(authority.accepts(request, answer));
  await act(1);
  const later = await requestStamp(operation);
  const stamp = await accept(answer);
  assert.equal(stamp.size, size, 'the answer finds its own request among those that wait');
  const { vouchers, ok } = await checkLedger(operation);
  assert.equal(ok, true);
  assert.deepEqual([vouchers.stamped[0]?.size, vouchers.requested], [size, [later.size]]);
  await assert.rejects(accept(answer), { code: 'not-found' });
  assert.match(
    await checkpointPage(operation, '2026-01-31T09:30:00Z'),
    /Time stamp {3}\d+ entries by O=Bicycle Club/,
  );
  const file = operation.path('witness', `${size}.tsr`);
  const bytes = fs.readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  fs.writeFileSync(file, bytes);
  assert.equal((await checkLedger(operation)).ok, false, 'a kept time stamp is checked again each time');
});
