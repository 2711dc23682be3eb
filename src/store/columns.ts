/**
 * One column of a batch, as typed arrays. `present` has one byte a row, 1 where there is a value; the values
 * of absent rows are not there.
 */
export type ColumnData =
  | { readonly kind: 'empty' }
  | { readonly kind: 'int'; readonly present: Uint8Array; readonly values: Float64Array }
  | {
      readonly kind: 'text';
      readonly present: Uint8Array;
      /** Byte length of each present value; the values follow one another in `bytes`. */
      readonly lengths: Uint32Array;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'term';
      readonly present: Uint8Array;
      readonly codes: Uint16Array;
      /** The dictionary, laid out as in 'text'. */
      readonly lengths: Uint32Array;
      readonly bytes: Uint8Array;
    };
