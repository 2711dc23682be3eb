/**
 * A small process that starts programs for a large one. To start a program, the system copies the page tables of the
 * process that asks: 1 ms of one of 50 MB, 60 ms of one of 900 MB, during which that process stands still, and every
 * page that it writes afterwards is copied too.
 *
 * The program's standard input, output and error are the first three connections to a socket that is there for this
 * one start; bytes go between the two without passing here. When the other side is gone, all that still runs is ended.
 */
import type { ChildProcess } from 'node:child_process';
import * as net from 'node:net';
import { spawnProgram, type ToStart } from './spawn.ts';

/** What the starter is told. A socket lies in a folder that only this user can enter. */
export type Told =
  | { readonly start: number; readonly socket: string; readonly what: ToStart }
  | { readonly stop: number };

/** What the starter says of a start: that its socket waits, that it runs, how it ended, which is the last. */
export type Said = { readonly id: number } & (
  | { readonly waits: true }
  | { readonly pid: number }
  | { readonly ended: string }
);

interface Start {
  readonly server: net.Server;
  readonly streams: net.Socket[];
  child: ChildProcess | null;
}

const starts = new Map<number, Start>();

function say(said: Said): void {
  if (process.connected) process.send!(said);
}

function begin(id: number, socket: string, what: ToStart): void {
  // Paused, so that nothing that is meant for the program is read here.
  const server = net.createServer({ pauseOnConnect: true }, (stream) => {
    start.streams.push(stream);
    if (start.streams.length === 3) run(id, start, what);
  });
  const start: Start = { server, streams: [], child: null };
  starts.set(id, start);
  server.maxConnections = 3;
  server.once('error', (error) => end(id, `could not be started: ${error.message}`));
  server.listen(socket, () => say({ id, waits: true }));
}

function run(id: number, start: Start, what: ToStart): void {
  start.child = spawnProgram(what, start.streams, (how) => end(id, how));
  release(start);
  if (start.child) say({ id, pid: start.child.pid! });
}

/** Closes this side's ends: the program's own stay open. */
function release({ server, streams }: Start): void {
  server.close();
  for (const stream of streams) stream.destroy();
}

function end(id: number, how: string): void {
  const start = starts.get(id);
  if (!start) return;
  starts.delete(id);
  release(start);
  say({ id, ended: how });
}

function stop(id: number): void {
  if (starts.get(id)?.child?.kill('SIGKILL') !== true) end(id, 'was stopped');
}

process.on('message', (told: Told) => {
  if ('start' in told) begin(told.start, told.socket, told.what);
  else stop(told.stop);
});

process.once('disconnect', () => {
  for (const { child } of starts.values()) child?.kill('SIGKILL');
  process.exit();
});
