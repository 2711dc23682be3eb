/**
 * Writer for the Thrift compact protocol, as far as Parquet's footer and page headers need it
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
 */
export const thriftType = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

export class ThriftWriter {
  private bytes: number[] = [];
  private lastField: number[] = [0];

  i32(field: number, value: number): void {
    this.header(field, thriftType.i32);
    this.zigzag(value);
  }
  i64(field: number, value: number): void {
    this.header(field, thriftType.i64);
    this.zigzag(value);
  }
  binary(field: number, value: Uint8Array | string): void {
    this.header(field, thriftType.binary);
    this.raw(value);
  }
  struct(field: number, write: () => void): void {
    this.header(field, thriftType.struct);
    this.element(write);
  }
  list<T>(field: number, type: number, items: readonly T[], write: (item: T) => void): void {
    this.header(field, thriftType.list);
    if (items.length < 15) this.bytes.push((items.length << 4) | type);
    else {
      this.bytes.push(0xf0 | type);
      this.varint(items.length);
    }
    for (const item of items) write(item);
  }
  /** A struct that stands in a list, or the outermost one. */
  element(write: () => void): void {
    this.lastField.push(0);
    write();
    this.lastField.pop();
    this.bytes.push(0);
  }
  /** A string that stands in a list. */
  raw(value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.varint(bytes.length);
    for (const byte of bytes) this.bytes.push(byte);
  }
  /** A number that stands in a list. */
  zigzag(value: number): void {
    this.varint(value >= 0 ? value * 2 : value * -2 - 1);
  }
  finish(): Buffer {
    return Buffer.from(this.bytes);
  }

  private header(field: number, type: number): void {
    const last = this.lastField.at(-1)!;
    if (field > last && field - last <= 15) this.bytes.push(((field - last) << 4) | type);
    else {
      this.bytes.push(type);
      this.zigzag(field);
    }
    this.lastField[this.lastField.length - 1] = field;
  }
  private varint(value: number): void {
    while (value >= 0x80) {
      this.bytes.push((value % 128) | 0x80);
      value = Math.floor(value / 128);
    }
    this.bytes.push(value);
  }
}
