import type { Operation } from '../store/operation.ts';
import type { Delivered } from '../workbench/deliveries.ts';
import type { Exclusion, ExclusionAct } from '../workbench/exclude.ts';
import { Uploads } from '../workbench/uploads.ts';
import type { ErrorBody } from './errors.ts';

/** What a server remembers of handing over and of previews, for a page that was loaded anew. */
export class IntakeDesk {
  readonly uploads: Uploads;
  last: Delivered | null = null;
  failed: ErrorBody['error'] | null = null;
  /** The preview made last, with what it was made from: it holds while that is in force. */
  private preview: { readonly from: string; readonly result: Exclusion } | null = null;

  constructor(operation: Operation) {
    this.uploads = new Uploads(operation);
  }

  keepPreview(from: string, result: Exclusion): void {
    this.preview = { from, result };
  }

  previewOf(from: string, exhibit: string, act: ExclusionAct): Exclusion | null {
    const { preview } = this;
    if (preview?.from !== from) return null;
    return preview.result.exhibit === exhibit && preview.result.act === act ? preview.result : null;
  }

  close(): void {
    this.uploads.close();
  }
}
