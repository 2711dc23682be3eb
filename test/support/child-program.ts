import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { FrameCutter, frameHead, frameKind } from '../../src/sandbox/frames.ts';

export interface Told {
  readonly kind: number;
  readonly bytes: number;
  readonly message: unknown;
}

type Asked = readonly [request: object, attached?: Buffer];

/** Starts a program as the sandbox does, but without the sandbox, and sends it requests, some with bytes attached. */
export function startProgram(program: string, requests: readonly Asked[], errors: 'inherit' | 'ignore') {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['pipe', 'pipe', errors],
  });
  // One that has ended takes no more.
  child.stdin.on('error', () => {});
  for (const [request, attached] of requests) {
    const text = Buffer.from(JSON.stringify({ ...request, attached: attached !== undefined }));
    child.stdin.write(Buffer.concat([frameHead(frameKind.message, text.length), text]));
    if (attached) child.stdin.write(Buffer.concat([frameHead(frameKind.bytes, attached.length), attached]));
  }
  child.stdin.end();
  return child;
}

/** All answers of a program; reads slowly where told so. */
export async function answersTo(program: string, requests: readonly Asked[], slowMs = 0): Promise<Told[]> {
  const child = startProgram(program, requests, 'inherit');
  const cutter = new FrameCutter();
  const told: Told[] = [];
  for await (const piece of child.stdout) {
    if (slowMs > 0) await setTimeout(slowMs);
    for (const { kind, payload } of cutter.push(piece as Buffer)) {
      const message = kind === frameKind.message ? JSON.parse(payload.toString()) : null;
      told.push({ kind, bytes: payload.length, message });
    }
  }
  return told;
}

export const messagesOf = (told: readonly Told[]) =>
  told.map(({ message }) => message).filter((each) => each !== null);
