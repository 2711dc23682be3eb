/** Slots of the largest table; at three quarters full, 12 million entries in 128 MiB. */
const maxSlots = 2 ** 24;

/**
 * Whole numbers below 2^32 by key, in two flat arrays: what a board's numbering needs and a Map could not
 * hold. Past 12 million entries new ones are dropped and `full` is set.
 */
export class IdMap {
  private keys = new Uint32Array(1024);
  /** Value + 1, so that 0 marks an empty slot. */
  private values = new Float64Array(1024);
  private size = 0;
  full = false;

  get(key: number): number | undefined {
    const value = this.values[this.slot(key)]!;
    return value === 0 ? undefined : value - 1;
  }

  /** Keeps the first value given for a key. True when it was new. */
  add(key: number, value: number): boolean {
    const slot = this.slot(key);
    if (this.values[slot] !== 0) return false;
    if (this.size * 4 >= this.keys.length * 3) {
      if (this.keys.length >= maxSlots) {
        this.full = true;
        return true;
      }
      this.grow();
      return this.add(key, value);
    }
    this.keys[slot] = key;
    this.values[slot] = value + 1;
    this.size++;
    return true;
  }

  private slot(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (this.values[slot] !== 0 && this.keys[slot] !== key >>> 0) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Uint32Array(keys.length * 2);
    this.values = new Float64Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      if (values[i] === 0) continue;
      const slot = this.slot(keys[i]!);
      this.keys[slot] = keys[i]!;
      this.values[slot] = values[i]!;
    }
  }
}

/** Pairs of whole numbers below 2^32, as a set of the same size and cap. */
export class PairSet {
  private left = new Uint32Array(1024);
  private right = new Uint32Array(1024);
  private used = new Uint8Array(1024);
  private size = 0;
  full = false;

  has(a: number, b: number): boolean {
    return this.used[this.slot(a, b)] === 1;
  }

  /** True when the pair was new, or when the set is full. */
  add(a: number, b: number): boolean {
    const slot = this.slot(a, b);
    if (this.used[slot] === 1) return false;
    if (this.size * 4 >= this.used.length * 3) {
      if (this.used.length >= maxSlots) {
        this.full = true;
        return true;
      }
      this.grow();
      return this.add(a, b);
    }
    this.left[slot] = a;
    this.right[slot] = b;
    this.used[slot] = 1;
    this.size++;
    return true;
  }

  private slot(a: number, b: number): number {
    const mask = this.used.length - 1;
    let slot = ((Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> 7) & mask;
    while (this.used[slot] === 1 && (this.left[slot] !== a >>> 0 || this.right[slot] !== b >>> 0))
      slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { left, right, used } = this;
    this.left = new Uint32Array(used.length * 2);
    this.right = new Uint32Array(used.length * 2);
    this.used = new Uint8Array(used.length * 2);
    for (let i = 0; i < used.length; i++) {
      if (used[i] === 0) continue;
      const slot = this.slot(left[i]!, right[i]!);
      this.left[slot] = left[i]!;
      this.right[slot] = right[i]!;
      this.used[slot] = 1;
    }
  }
}
