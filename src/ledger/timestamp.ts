import { randomBytes, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import {
  AlgorithmIdentifier,
  Certificate,
  type ContentInfo,
  ExtKeyUsage,
  IssuerAndSerialNumber,
  MessageImprint,
  SignedData,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from 'pkijs';
import { WaymarkError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';

/**
 * Time stamps by an outside authority (RFC 3161), carried by hand: a request is written to a file, somebody brings
 * it to the authority, and the answer is checked here, offline, against the authority's certificate as the user
 * has it. What is stamped is the SHA-256 of a checkpoint's text.
 */
const oids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

/** Digests that a stamp may rest on; SHA-1 does not bind. */
const soundDigests: readonly string[] = [oids.sha256, oids.sha384, oids.sha512];

/** Largest request or answer that is read. */
export const maxTimestampBytes = 1024 * 1024;

/** What an authority confirmed. */
export interface Timestamp {
  /** UTC, by the authority's clock. */
  readonly time: string;
  /** Subject of the certificate that signed. */
  readonly authority: string;
  /** Hex. */
  readonly serial: string;
  /** The authority's policy, an object identifier. */
  readonly policy: string;
  /** SHA-256 of the certificate that signed, in hex. */
  readonly certificate: string;
}

/** A request (`.tsq`, DER) for text: its SHA-256, a nonce, and that the certificate come along. */
export function requestTimestamp(text: string, nonce: Uint8Array = randomBytes(8)): Buffer {
  const positive = Uint8Array.from(nonce);
  positive[0] = 0x40 | (positive[0]! & 0x3f);
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({
        algorithmId: oids.sha256,
        algorithmParams: new asn1js.Null(),
      }),
      hashedMessage: new asn1js.OctetString({ valueHex: bytesOf(Buffer.from(sha256Hex(text), 'hex')) }),
    }),
    nonce: new asn1js.Integer({ valueHex: bytesOf(positive) }),
    certReq: true,
  });
  return Buffer.from(request.toSchema().toBER(false));
}

/**
 * Checks the answer (`.tsr`) to a request for text against certificates of authorities that the user trusts (PEM,
 * one or more). Throws WaymarkError 'unreadable' for what is no answer, 'denied' where the authority refused,
 * 'integrity' where anything does not agree: text, nonce, signature, certificate, purpose, validity.
 */
export async function verifyTimestamp(
  answer: Uint8Array,
  request: Uint8Array,
  text: string,
  trustedPem: string,
): Promise<Timestamp> {
  if (answer.length > maxTimestampBytes) throw unreadable('the answer is too long');
  const asked = parsed('the request', () => TimeStampReq.fromBER(bytesOf(request)));
  const trusted = readCertificates(trustedPem);
  const response = parsed('the answer', () => {
    if (asn1js.fromBER(bytesOf(answer)).offset !== answer.length) throw new Error('it has bytes too many');
    return TimeStampResp.fromBER(bytesOf(answer));
  });
  if (response.status.status > 1) {
    throw new WaymarkError('denied', `the authority refused (status ${response.status.status})`, {
      remedy: 'Ask the authority why, and make the request again.',
    });
  }
  const { signed, info } = parsed('the answer', () => tokenOf(response));
  const imprint = Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView);
  if (
    info.messageImprint.hashAlgorithm.algorithmId !== oids.sha256 ||
    imprint.toString('hex') !== sha256Hex(text)
  ) {
    throw fault('is for another text');
  }
  if (!asked.nonce || !info.nonce?.isEqual(asked.nonce)) throw fault('does not answer this request');
  const signer = signerOf(signed);
  assertSigner(signed, signer, info.genTime);
  await assertSigned(signed, text, trusted);
  const plain = new X509Certificate(Buffer.from(signer.toSchema().toBER(false)));
  return {
    time: info.genTime.toISOString(),
    authority: plain.subject.replaceAll('\n', ', '),
    serial: Buffer.from(info.serialNumber.valueBlock.valueHexView).toString('hex'),
    policy: info.policy,
    certificate: sha256Hex(plain.raw),
  };
}

/** The certificates of a PEM file. Throws WaymarkError 'usage' where there are none or one cannot be read. */
function readCertificates(pem: string): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    const found = blocks.map((block) => Certificate.fromBER(bytesOf(new X509Certificate(block).raw)));
    if (found.length > 0) return found;
  } catch {
    // Said below.
  }
  throw new WaymarkError('usage', 'the authority’s certificates cannot be read', {
    remedy: 'Give a PEM file with one or more "BEGIN CERTIFICATE" blocks.',
  });
}

function tokenOf(response: TimeStampResp): { signed: SignedData; info: TSTInfo } {
  const token: ContentInfo | undefined = response.timeStampToken;
  if (token?.contentType !== oids.signedData) throw new Error('it holds no token');
  const signed = new SignedData({ schema: token.content });
  const { eContentType, eContent } = signed.encapContentInfo;
  if (eContentType !== oids.timeStampInfo || !eContent) throw new Error('its token is of another kind');
  return { signed, info: TSTInfo.fromBER(eContent.getValue()) };
}

/** The one certificate in the token that the one signer names. */
function signerOf(signed: SignedData): Certificate {
  const [signer, ...more] = signed.signerInfos;
  if (!signer || more.length > 0) throw fault('has not exactly one signature');
  const { sid } = signer;
  if (!(sid instanceof IssuerAndSerialNumber)) throw fault('does not name its signer by issuer and number');
  const found = (signed.certificates ?? []).find(
    (each): each is Certificate =>
      each instanceof Certificate &&
      each.issuer.isEqual(sid.issuer) &&
      each.serialNumber.isEqual(sid.serialNumber),
  );
  if (!found) throw fault('does not hold the certificate of who signed it');
  return found;
}

/** That the certificate is for time stamps only, was valid then, and is the one that the signature names. */
function assertSigner(signed: SignedData, signer: Certificate, time: Date): void {
  const usage = signer.extensions?.find(({ extnID }) => extnID === oids.extendedKeyUsage);
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : [];
  if (!usage?.critical || purposes.join() !== oids.timeStamping) {
    throw fault('is signed by a certificate that is not for time stamps alone');
  }
  if (time < signer.notBefore.value || time > signer.notAfter.value) {
    throw fault('is signed by a certificate that was not valid then');
  }
  const info = signed.signerInfos[0]!;
  if (!soundDigests.includes(info.digestAlgorithm.algorithmId)) throw fault('rests on a weak digest');
  const attributes = info.signedAttrs?.attributes ?? [];
  const type = attributes.find((each) => each.type === oids.contentType)?.values[0];
  if (type?.toString() !== `OBJECT IDENTIFIER : ${oids.timeStampInfo}`) {
    throw fault('is signed as something else');
  }
  if (!namesCertificate(attributes, signer)) throw fault('does not name the certificate of who signed it');
}

/** ESSCertIDv2 (RFC 5816) or the older ESSCertID: the hash of the signer's certificate under the signature. */
function namesCertificate(
  attributes: readonly { readonly type: string; readonly values: readonly unknown[] }[],
  signer: Certificate,
): boolean {
  const raw = Buffer.from(signer.toSchema().toBER(false));
  const named = attributes.filter(
    ({ type }) => type === oids.signingCertificate || type === oids.signingCertificateV2,
  );
  return named.some(({ values }) => {
    const certIds = sequence(values[0])?.[0];
    const first = sequence(sequence(certIds)?.[0]) ?? [];
    const hash = first.find((part) => part instanceof asn1js.OctetString);
    const bytes = hash && Buffer.from(hash.valueBlock.valueHexView);
    return bytes !== undefined && hashesOf(raw).some((each) => each.equals(bytes));
  });
}

function hashesOf(raw: Buffer): Buffer[] {
  const certificate = new X509Certificate(raw);
  return [certificate.fingerprint256, certificate.fingerprint512, certificate.fingerprint].map((text) =>
    Buffer.from(text.replaceAll(':', ''), 'hex'),
  );
}

function sequence(value: unknown): readonly unknown[] | null {
  return value instanceof asn1js.Sequence ? value.valueBlock.value : null;
}

/** Signature over the token, and a chain from its certificate to one that is trusted, as of the time it states. */
async function assertSigned(signed: SignedData, text: string, trusted: Certificate[]): Promise<void> {
  let verified: boolean;
  try {
    verified = await signed.verify({
      signer: 0,
      data: bytesOf(Buffer.from(text)),
      trustedCerts: trusted,
      checkChain: true,
    });
  } catch (cause) {
    throw fault('has a signature or certificate that does not lead to a trusted authority', cause);
  }
  if (!verified) throw fault('has a signature that does not verify');
}

function parsed<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(`${what} is no time stamp as RFC 3161 has it`, cause);
  }
}

function unreadable(what: string, cause?: unknown): WaymarkError {
  return new WaymarkError('unreadable', what, {
    remedy: 'Take the file in as the authority gave it (DER, ".tsr").',
    ...(cause !== undefined && { cause }),
  });
}

function fault(what: string, cause?: unknown): WaymarkError {
  return new WaymarkError('integrity', `the time stamp ${what}`, {
    remedy: 'Do not rely on it; ask the authority again.',
    ...(cause !== undefined && { cause }),
  });
}

function bytesOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
