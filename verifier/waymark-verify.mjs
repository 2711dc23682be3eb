#!/usr/bin/env node
/*
 * Checks a Waymark package or ledger without Waymark. One file, no dependency, no network; any Node from 18 on.
 *
 *   age --decrypt -i key.txt -o package.tar package.waymark        (any age tool: age-encryption.org/v1)
 *   node waymark-verify.mjs package package.tar --vkey <verification key of the sender>
 *   node waymark-verify.mjs ledger <folder of the ledger> --vkey <verification key of the operation>
 *
 * A package holds `envelope.json` (DSSE v1 over the manifest, Ed25519), the files that the manifest names, and
 * `ledger/entry.json` with `ledger/entry.tlog-proof` (C2SP tlog-proof: inclusion of the entry under a signed
 * checkpoint). A ledger is a folder of C2SP tlog-tiles. The verification key is the C2SP form
 * `<name>+<key id>+<base64>`, handed over in person. Formats: docs/packages.md, docs/ledger.md.
 *
 * Prints what was checked and ends with exit code 0, or says what failed and ends with 1.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

class Failure extends Error {}

function need(condition, what) {
  if (!condition) throw new Failure(what);
}

/** Standard base64 in its one canonical spelling. */
function base64(text, what) {
  const bytes = Buffer.from(String(text), 'base64');
  need(bytes.toString('base64') === text, `${what} is not base64`);
  return bytes;
}

function parseVkey(text) {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text ?? '');
  need(match, 'the verification key has not the form name+id+key');
  const encoded = Buffer.from(match[3], 'base64');
  const id = sha256(`${match[1]}\n`, encoded).subarray(0, 4);
  need(encoded[0] === 1 && id.toString('hex') === match[2], 'the parts of the verification key do not agree');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: encoded.subarray(1).toString('base64url') };
  return { name: match[1], id, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

const signed = (vkey, text, signature) => verify(null, Buffer.from(text), vkey.key, signature);

/** A signed note (C2SP tlog-checkpoint): origin, size, root. */
function readCheckpoint(note, vkey) {
  const blank = note.lastIndexOf('\n\n');
  need(blank > 0, 'the checkpoint has no signatures');
  const text = note.slice(0, blank + 1);
  const good = note
    .slice(blank + 2)
    .split('\n')
    .map((line) => /^— (\S+) (\S+)$/u.exec(line))
    .filter((match) => match && match[1] === vkey.name)
    .map((match) => base64(match[2], 'a signature'))
    .filter((bytes) => bytes.subarray(0, 4).equals(vkey.id));
  need(good.length > 0, 'the checkpoint is not signed with this key');
  need(
    good.every((bytes) => signed(vkey, text, bytes.subarray(4))),
    'the signature of the checkpoint does not verify',
  );
  const [origin, size, root] = text.split('\n');
  return { origin, size: Number(size), root: base64(root, 'the root') };
}

const leaf = (bytes) => sha256(Buffer.of(0), bytes);
const node = (left, right) => sha256(Buffer.of(1), left, right);

/** RFC 9162 section 2.1.3.2. */
function rootFromProof(leafHash, index, size, proof) {
  let [fn, sn, hash] = [BigInt(index), BigInt(size) - 1n, leafHash];
  need(fn <= sn, 'the entry lies outside the ledger');
  for (const sibling of proof) {
    need(sn > 0n, 'the inclusion proof is too long');
    if (fn & 1n || fn === sn) {
      hash = node(sibling, hash);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else hash = node(hash, sibling);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  need(sn === 0n, 'the inclusion proof is too short');
  return hash;
}

function checkProof(text, entry, vkey, origin) {
  const blank = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, blank).split('\n');
  need(header === 'c2sp.org/tlog-proof@v1', 'the proof is of another format');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = /^index (\d{1,15})$/.exec(lines.shift() ?? '')?.[1];
  need(index !== undefined, 'the proof states no index');
  const checkpoint = readCheckpoint(text.slice(blank + 2), vkey);
  need(checkpoint.origin === origin, 'the proof belongs to another ledger');
  const hashes = lines.map((line) => base64(line, 'the proof'));
  const root = rootFromProof(leaf(entry), Number(index), checkpoint.size, hashes);
  need(root.equals(checkpoint.root), 'the proof does not lead from the entry to the signed root');
  return { index: Number(index), size: checkpoint.size };
}

/** The files of a tar (ustar, plain files), or of the folder that it was unpacked to. */
function readFiles(target) {
  const files = new Map();
  if (fs.statSync(target).isDirectory()) {
    for (const name of fs.readdirSync(target, { recursive: true })) {
      const file = path.join(target, name);
      if (fs.statSync(file).isFile()) files.set(name.split(path.sep).join('/'), fs.readFileSync(file));
    }
    return files;
  }
  const tar = fs.readFileSync(target);
  const text = (from, length) => tar.toString('latin1', from, from + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    need(['0', ''].includes(text(at + 156, 1)) && size >= 0, 'the tar holds more than plain files');
    const prefix = text(at + 345, 155);
    const name = `${prefix ? `${prefix}/` : ''}${text(at, 100)}`;
    need(!files.has(name), `the tar holds ${name} twice`);
    files.set(name, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function checkPackage(target, vkey, vkeyText) {
  const files = readFiles(target);
  const take = (name) => {
    const bytes = files.get(name);
    need(bytes, `there is no ${name}: is the package still sealed?`);
    files.delete(name);
    return bytes;
  };
  const envelope = JSON.parse(take('envelope.json').toString('utf8'));
  const type = 'application/vnd.waymark.package+json';
  need(envelope.payloadType === type, 'the envelope is of another kind');
  const payload = base64(envelope.payload, 'the payload').toString('utf8');
  const pae = `DSSEv1 ${type.length} ${type} ${Buffer.byteLength(payload)} ${payload}`;
  need(
    envelope.signatures.some(({ sig }) => signed(vkey, pae, base64(sig, 'the signature'))),
    'the manifest is not signed with this key',
  );
  const manifest = JSON.parse(payload);
  need(manifest.format === 'waymark-package/1', 'the package is of another version');
  need(manifest.from.vkey === vkeyText, 'the manifest names another sender');
  const entry = take('ledger/entry.json');
  const { action, facts } = JSON.parse(entry.toString('utf8'));
  need(
    action === 'package.create' && facts.manifest === sha256(payload).toString('hex'),
    'the ledger entry is not that of this package',
  );
  const place = checkProof(
    take('ledger/entry.tlog-proof').toString('utf8'),
    entry,
    vkey,
    manifest.from.origin,
  );
  for (const { path: name, bytes, sha256: expected } of manifest.files) {
    const found = take(name);
    need(
      found.length === bytes && sha256(found).toString('hex') === expected,
      `${name} is not as it was signed`,
    );
  }
  need(files.size === 0, `${[...files.keys()][0]} was not signed`);
  return [
    `package ${manifest.id} of ${manifest.created}, TLP:${manifest.tlp}`,
    `for ${manifest.to.map(({ name }) => name).join(', ')}`,
    `signed by ${manifest.from.origin}; ${manifest.files.length} files as signed`,
    `its making is entry ${place.index} of ${place.size} in the sender's ledger`,
  ];
}

/** Path of a tile or entry bundle: C2SP tlog-tiles. */
function tilePath(level, index, width) {
  let name = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    name = `x${String(rest % 1000).padStart(3, '0')}/${name}`;
  return `tile/${level}/${name}${width === 256 ? '' : `.p/${width}`}`;
}

/** Every entry, hashed anew, must give the root that the checkpoint signs. */
function checkLedger(folder, vkey) {
  const { origin, size, root } = readCheckpoint(
    fs.readFileSync(path.join(folder, 'checkpoint'), 'utf8'),
    vkey,
  );
  // One hash for each complete subtree, the largest first: the running form of RFC 9162's tree.
  const stack = [];
  for (let at = 0; at < size; ) {
    const width = Math.min(256, size - at);
    const bundle = fs.readFileSync(path.join(folder, tilePath('entries', at / 256, width)));
    let offset = 0;
    for (let i = 0; i < width; i++, at++) {
      need(offset + 2 <= bundle.length, `entry ${at} is missing`);
      const end = offset + 2 + bundle.readUInt16BE(offset);
      need(end <= bundle.length, `entry ${at} is cut off`);
      let [hash, level] = [leaf(bundle.subarray(offset + 2, end)), 0];
      while (stack.at(-1)?.level === level) [hash, level] = [node(stack.pop().hash, hash), level + 1];
      stack.push({ hash, level });
      offset = end;
    }
    need(offset === bundle.length, `there are bytes after entry ${at - 1}`);
  }
  let computed = stack.pop()?.hash ?? sha256('');
  while (stack.length > 0) computed = node(stack.pop().hash, computed);
  need(computed.equals(root), 'the entries do not give the root that was signed');
  return [`ledger ${origin}: ${size} entries, root ${root.toString('hex')}, as it was signed`];
}

const [kind, target, option, vkeyText] = process.argv.slice(2);
try {
  need(
    ['package', 'ledger'].includes(kind) && target && option === '--vkey' && vkeyText,
    'usage: waymark-verify.mjs package|ledger <file or folder> --vkey <verification key>',
  );
  const vkey = parseVkey(vkeyText);
  const lines = kind === 'package' ? checkPackage(target, vkey, vkeyText) : checkLedger(target, vkey);
  console.log([...lines, 'VERIFIED'].join('\n'));
} catch (error) {
  console.error(
    `NOT VERIFIED: ${error instanceof Failure ? error.message : `it cannot be read (${error.message})`}`,
  );
  process.exitCode = 1;
}
