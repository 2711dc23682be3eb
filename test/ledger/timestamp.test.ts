import assert from 'node:assert/strict';
import * as path from 'node:path';
import { test } from 'node:test';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { sha256Hex } from '../../src/base/hash.ts';
import { requestTimestamp, verifyTimestamp } from '../../src/ledger/timestamp.ts';
import { temporaryFolder } from './fixture.ts';
import { type Authority, hasOpenssl, type KeyKind, makeAuthority } from './timestamp-authority.ts';

const skip = hasOpenssl ? false : 'this machine has no openssl, which plays the authority';
const text = 'unit.example/operation-bicycle\n12\nroot\n';

test('a request is what RFC 3161 says: SHA-256 of the text, a positive nonce, certificate asked for', () => {
  const request = pkijs.TimeStampReq.fromBER(Uint8Array.from(requestTimestamp(text)).buffer);
  assert.equal(request.version, 1);
  assert.equal(request.messageImprint.hashAlgorithm.algorithmId, '2.16.840.1.101.3.4.2.1');
  const hashed = Buffer.from(request.messageImprint.hashedMessage.valueBlock.valueHexView);
  assert.equal(hashed.toString('hex'), sha256Hex(text));
  assert.equal(request.certReq, true);
  const nonce = Buffer.from(request.nonce!.valueBlock.valueHexView);
  assert.equal(nonce.length, 8);
  assert.equal(nonce[0]! & 0xc0, 0x40, 'neither negative nor padded');
  assert.ok(!requestTimestamp(text).equals(requestTimestamp(text)), 'no two have the same nonce');
});

for (const kind of ['rsa', 'ecdsa'] as KeyKind[]) {
  test(`${kind}: openssl reads our request, and both accept the answer, offline`, {
    skip,
  }, async (context) => {
    const authority = makeAuthority(path.join(temporaryFolder(context), kind), kind);
    const request = requestTimestamp(text);
    for (const digest of ['sha256', 'sha512']) {
      const answer = authority.answer(request, digest);
      assert.ok(authority.accepts(request, answer));
      const stamp = await verifyTimestamp(answer, request, text, authority.root);
      assert.equal(stamp.authority, 'O=Bicycle Club, CN=Clock');
      assert.equal(stamp.policy, '1.2.3.4.1');
      assert.match(stamp.time, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.match(stamp.certificate, /^[0-9a-f]{64}$/);
    }
  });
}

async function refused(
  authority: Authority,
  answer: Uint8Array,
  request: Uint8Array,
  code: string,
  message: RegExp,
  trusted = authority.root,
): Promise<void> {
  await assert.rejects(verifyTimestamp(answer, request, text, trusted), { code, message });
}

test('an answer to something else, from somebody else, or refused is not accepted', {
  skip,
}, async (context) => {
  const folder = temporaryFolder(context);
  const authority = makeAuthority(path.join(folder, 'own'), 'ecdsa');
  const other = makeAuthority(path.join(folder, 'other'), 'ecdsa');
  const request = requestTimestamp(text);
  const answer = authority.answer(request);
  await refused(authority, answer, requestTimestamp(text), 'integrity', /does not answer this request/);
  const elsewhere = requestTimestamp('another text');
  await refused(authority, authority.answer(elsewhere), elsewhere, 'integrity', /for another text/);
  await refused(authority, answer, request, 'integrity', /does not lead to a trusted authority/, other.root);
  await refused(authority, answer, request, 'usage', /certificates cannot be read/, 'no certificate');
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
  await refused(authority, answer, request, 'usage', /certificates cannot be read/, broken);
  const longer = Buffer.concat([answer, Buffer.of(0)]);
  await refused(authority, longer, request, 'unreadable', /no time stamp/);
  await refused(authority, answer.subarray(0, 100), request, 'unreadable', /no time stamp/);
  await refused(authority, Buffer.from('hello'), request, 'unreadable', /no time stamp/);
  await refused(authority, answer, Buffer.from('hello'), 'unreadable', /the request is no time stamp/);
  await refused(authority, Buffer.alloc(2 ** 20 + 1), request, 'unreadable', /too long/);
  const no = new pkijs.TimeStampResp({ status: new pkijs.PKIStatusInfo({ status: 2 }) });
  await refused(authority, Buffer.from(no.toSchema().toBER()), request, 'denied', /status 2/);
  const empty = new pkijs.TimeStampResp({ status: new pkijs.PKIStatusInfo({ status: 0 }) });
  await refused(authority, Buffer.from(empty.toSchema().toBER()), request, 'unreadable', /no time stamp/);
});

/** The answer with its token changed: what is signed stays, what stands around it does not. */
function altered(answer: Buffer, change: (signed: pkijs.SignedData) => void): Buffer {
  const response = pkijs.TimeStampResp.fromBER(Uint8Array.from(answer).buffer);
  const signed = new pkijs.SignedData({ schema: response.timeStampToken!.content });
  change(signed);
  response.timeStampToken!.content = signed.toSchema(true);
  return Buffer.from(response.toSchema().toBER());
}

test('a token without its certificate, with two signers, or of another kind is refused', {
  skip,
}, async (context) => {
  const authority = makeAuthority(path.join(temporaryFolder(context), 'own'), 'ecdsa');
  const request = requestTimestamp(text);
  const answer = authority.answer(request);
  assert.ok(
    await verifyTimestamp(
      altered(answer, () => {}),
      request,
      text,
      authority.root,
    ),
  );
  const bare = altered(answer, (signed) => {
    delete signed.certificates;
  });
  await refused(authority, bare, request, 'integrity', /does not hold the certificate/);
  const twice = altered(answer, (signed) => {
    signed.signerInfos = [signed.signerInfos[0]!, signed.signerInfos[0]!];
  });
  await refused(authority, twice, request, 'integrity', /not exactly one signature/);
  const byKeyId = altered(answer, (signed) => {
    signed.signerInfos[0]!.sid = new asn1js.Primitive({
      idBlock: { tagClass: 3, tagNumber: 0 },
      valueHex: new ArrayBuffer(20),
    });
  });
  await refused(authority, byKeyId, request, 'integrity', /by issuer and number/);
  const plain = altered(answer, (signed) => {
    signed.encapContentInfo.eContentType = '1.2.840.113549.1.7.1';
  });
  await refused(authority, plain, request, 'unreadable', /no time stamp/);
  const weak = altered(answer, (signed) => {
    signed.signerInfos[0]!.digestAlgorithm.algorithmId = '1.3.14.3.2.26';
  });
  await refused(authority, weak, request, 'integrity', /weak digest/);
  for (const [type, message] of [
    ['1.2.840.113549.1.9.3', /signed as something else/],
    ['1.2.840.113549.1.9.16.2.47', /does not name the certificate/],
    ['1.2.840.113549.1.9.4', /does not lead to a trusted authority/],
  ] as const) {
    const without = altered(answer, (signed) => {
      const attributes = signed.signerInfos[0]!.signedAttrs!;
      attributes.attributes = attributes.attributes.filter((each) => each.type !== type);
    });
    await refused(authority, without, request, 'integrity', message);
  }
  const unsigned = altered(answer, (signed) => {
    delete signed.signerInfos[0]!.signedAttrs;
  });
  await refused(authority, unsigned, request, 'integrity', /signed as something else/);
  const strange = altered(answer, (signed) => {
    const named = signed.signerInfos[0]!.signedAttrs!.attributes.find((each) => each.type.endsWith('2.47'))!;
    named.values = [new asn1js.Null()];
  });
  await refused(authority, strange, request, 'integrity', /does not name the certificate/);
  const forged = altered(answer, (signed) => {
    const bytes = new Uint8Array(signed.signerInfos[0]!.signature.valueBlock.valueHexView);
    bytes[bytes.length - 1]! ^= 1;
    signed.signerInfos[0]!.signature = new asn1js.OctetString({ valueHex: bytes.buffer });
  });
  await refused(authority, forged, request, 'integrity', /does not verify|does not lead/);
});

test('a certificate for something else, or not valid then, signs no time stamp', {
  skip,
}, async (context) => {
  const folder = temporaryFolder(context);
  const request = requestTimestamp(text);
  const authority = makeAuthority(path.join(folder, 'own'), 'ecdsa');
  const answer = authority.answer(request);
  const changed = (change: (certificate: pkijs.Certificate) => void) =>
    altered(answer, (signed) => {
      const own = signed.certificates!.find(
        (each): each is pkijs.Certificate =>
          each instanceof pkijs.Certificate &&
          each.serialNumber.isEqual((signed.signerInfos[0]!.sid as pkijs.IssuerAndSerialNumber).serialNumber),
      )!;
      change(own);
      own.tbsView = new Uint8Array(own.encodeTBS().toBER());
    });
  const noPurpose = changed((certificate) => {
    certificate.extensions = certificate.extensions!.filter(({ extnID }) => extnID !== '2.5.29.37');
  });
  await refused(authority, noPurpose, request, 'integrity', /not for time stamps alone/);
  const early = changed((certificate) => {
    certificate.notAfter.value = new Date('2001-01-01T00:00:00Z');
  });
  await refused(authority, early, request, 'integrity', /not valid then/);
  const late = changed((certificate) => {
    certificate.notBefore.value = new Date('2048-01-01T00:00:00Z');
  });
  await refused(authority, late, request, 'integrity', /not valid then/);
});

test('a flipped bit is refused, or lies outside what is signed and changes nothing that is told', {
  skip,
}, async (context) => {
  const authority = makeAuthority(path.join(temporaryFolder(context), 'own'), 'ecdsa');
  const request = requestTimestamp(text);
  const answer = authority.answer(request);
  const told = await verifyTimestamp(answer, request, text, authority.root);
  let refusals = 0;
  for (let at = 0; at < answer.length; at += 11) {
    const copy = Buffer.from(answer);
    copy[at]! ^= 1 << (at % 8);
    try {
      assert.deepEqual(await verifyTimestamp(copy, request, text, authority.root), told, `byte ${at}`);
    } catch (error) {
      assert.equal((error as Error).name, 'WaymarkError', `byte ${at}: ${error}`);
      refusals++;
    }
  }
  assert.ok(refusals > answer.length / 44, `${refusals} of ${Math.ceil(answer.length / 11)}`);
});
