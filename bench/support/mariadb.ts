import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { freshFolder } from './evidence.ts';
import { install, run } from './programs.ts';

/** A MariaDB of the benchmark's own: an empty data folder, default settings, no network, one socket. */
export class MariaDb {
  readonly socket: string;
  readonly pid: number;
  private readonly server: ChildProcess;

  private constructor(server: ChildProcess, socket: string) {
    this.server = server;
    this.pid = server.pid!;
    this.socket = socket;
  }

  /** Starts a server with an empty database named `board`. */
  static async start(): Promise<MariaDb> {
    install('mariadbd', 'mariadb-server');
    const folder = freshFolder('mariadb');
    const user = os.userInfo().username;
    run('mariadb-install-db', ['--no-defaults', `--datadir=${folder}`, `--user=${user}`, '--skip-test-db']);
    const socket = path.join(folder, 'bench.sock');
    const log = fs.openSync(path.join(folder, 'server.log'), 'w');
    const server = spawn(
      'mariadbd',
      ['--no-defaults', `--datadir=${folder}`, `--socket=${socket}`, '--skip-networking', `--user=${user}`],
      { stdio: ['ignore', log, log] },
    );
    fs.closeSync(log);
    const started = new MariaDb(server, socket);
    for (let tries = 0; ; tries++) {
      const made = spawnSync('mariadb', [...started.client, '-e', 'create database board']);
      if (made.status === 0) return started;
      if (tries === 150) throw new Error(`MariaDB does not answer: ${made.stderr.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Arguments by which a client reaches this server and no other. */
  get client(): string[] {
    return ['--no-defaults', `--socket=${this.socket}`];
  }

  rows(table: string): number {
    return Number(run('mariadb', [...this.client, '-N', '-e', `select count(*) from ${table}`, 'board']));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGTERM');
    await ended;
  }
}
