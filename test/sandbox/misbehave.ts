/** A program that tries what a taken-over reader would try; run by the sandbox test, one attempt a request. */
import { serveRequests } from '../../src/sandbox/child.ts';

const attempts: Record<string, (argument: string) => Promise<unknown> | unknown> = {
  read: async (file) => (await import('node:fs')).readFileSync(file, 'utf8').length,
  list: async (folder) => (await import('node:fs')).readdirSync(folder).length,
  write: async (file) => (await import('node:fs')).writeFileSync(file, 'x'),
  link: async (file) => (await import('node:fs')).symlinkSync('/etc', file),
  spawn: async () => (await import('node:child_process')).execFileSync('id').length,
  worker: async () => new (await import('node:worker_threads')).Worker('1', { eval: true }),
  addon: () => process.dlopen({ exports: {} } as NodeJS.Module, '/nowhere.node'),
  code: (text) => new Function(text)(),
  // Node itself passes the last one on where coverage is measured.
  environment: () =>
    Object.keys(process.env).filter((name) => !['TZ', 'PATH', 'NODE_V8_COVERAGE'].includes(name)).length,
  connect: async (address) => {
    const { connect } = await import('node:net');
    const [host, port] = address.split(' ') as [string, string];
    await new Promise((resolve, reject) => {
      connect(Number(port), host).once('connect', resolve).once('error', reject);
    });
  },
  'write to descriptor 3': async () => (await import('node:fs')).writeSync(3, 'x'),
  'read descriptor 3': async () => (await import('node:fs')).readSync(3, Buffer.alloc(4), 0, 4, 0),
  crash: () => process.abort(),
  exit: () => process.exit(0),
  hang: () => {
    for (;;);
  },
  'fill memory': () => {
    const held: Buffer[] = [];
    for (;;) held.push(Buffer.alloc(16 * 1024 * 1024, 1));
  },
  'fill heap': () => {
    const held: unknown[] = [];
    for (;;) held.push(new Array(1000).fill({}));
  },
  'unknown kind': () => process.stdout.write(Buffer.from([1, 0, 0, 0, 9])),
  'no object': () => process.stdout.write(Buffer.from('\x04\0\0\0\x01[}]', 'latin1')),
  'nothing at all': () => process.stdout.write(Buffer.from('\x05\0\0\0\x01null', 'latin1')),
  garbage: () => process.stdout.write(Buffer.alloc(64, 0xff)),
};

await serveRequests<{ attempt: string; argument?: string; attached?: boolean }>(
  async (request, attachment, reply) => {
    if (request.attempt === 'batch') {
      reply.batch(attachment!);
      return;
    }
    if (request.attempt === 'bytes, then gone') {
      reply.bytes(new Uint8Array(10));
      setTimeout(() => process.exit(0), 50);
      await new Promise(() => {});
    }
    if (request.attempt === 'flood') {
      for (let i = 0; i < 600; i++) reply.bytes(new Uint8Array(i % 10 === 0 ? 700_000 : i));
      return;
    }
    reply.message({ result: (await attempts[request.attempt]!(request.argument ?? '')) ?? null });
  },
);
