import type { Browser } from 'playwright-core';
import { type Served, serve } from '../../src/http/serve.ts';
import { type Files, type Fixture, makeOperation } from '../http/fixture.ts';
import { launchBrowser } from '../support/browser.ts';

/** An operation, its server and a browser. */
export interface Bench {
  readonly fixture: Fixture;
  readonly served: Served;
  readonly browser: Browser;
  readonly faults: string[];
  readonly close: () => Promise<void>;
}

export async function openBench(files?: Files | null): Promise<Bench> {
  const fixture = await makeOperation(files);
  const faults: string[] = [];
  const served = await serve(fixture.operation, { port: 0, onFault: (text) => void faults.push(text) });
  const browser = await launchBrowser();
  const close = async () => {
    await browser.close();
    await served.close();
    fixture.remove();
  };
  return { fixture, served, browser, faults, close };
}
