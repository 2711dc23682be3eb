import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../../src/base/limits.ts';
import { findRows } from '../../src/intake/sql-dump/find-rows.ts';
import { readDump } from '../../src/intake/sql-dump/read-dump.ts';
import { inputOf } from '../support/read.ts';

interface Seen {
  /** Rows as texts, by table. */
  readonly rows: Record<string, (string | null)[][]>;
  readonly counted: Record<string, number>;
  readonly columns: Record<string, readonly string[] | null>;
  /** Codes of warnings, and unreadable rows as 'table: reason'. */
  readonly trouble: string[];
}

const toBytes = (text: string | Uint8Array) =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;

/** Reads a dump; tables named in `counting` are counted only. Checks that every pointer leads to a row. */
async function see(
  dump: string | Uint8Array,
  chunkBytes = 1 << 20,
  counting: (name: string) => boolean = () => false,
): Promise<Seen> {
  const bytes = toBytes(dump);
  const seen: Seen = { rows: {}, counted: {}, columns: {}, trouble: [] };
  let lastEnd = 0;
  await readDump(inputOf(bytes, { chunkBytes }), {
    table({ name, columns }) {
      seen.columns[name] = columns;
      if (counting(name)) return null;
      const rows = (seen.rows[name] ??= []);
      return (row) => {
        assert.deepEqual([bytes[row.offset], bytes[row.offset + row.length - 1]], [40, 41]);
        assert.ok(row.offset >= lastEnd, 'rows come in the order of the file');
        lastEnd = row.offset + row.length;
        rows.push(Array.from({ length: row.count }, (_, column) => row.text(column)));
      };
    },
    counted({ name }, rows) {
      seen.counted[name] = (seen.counted[name] ?? 0) + rows;
    },
    unreadable({ name }, reason) {
      seen.trouble.push(`${name}: ${reason}`);
    },
    warn(code, _text, offset, length) {
      assert.ok(offset >= 0 && length >= 0 && offset + length <= bytes.length);
      seen.trouble.push(code);
    },
  });
  return seen;
}

/** The rows of a dump of table `t` with one column, or as many as its rows have. */
async function rowsOf(values: string, head = ''): Promise<(string | null)[][]> {
  const { rows, trouble } = await see(`${head}INSERT INTO t VALUES ${values};\n`);
  assert.deepEqual(trouble, []);
  return rows.t!;
}

test('every way of writing a value is understood', async () => {
  assert.deepEqual(
    await rowsOf(
      `(NULL,null,0,-1,+2,3.5,-1e-7,0x41Cc81,X'42',x'4344',b'101',_binary 'bin',_utf8mb4'u',N'n')`,
    ),
    [[null, null, '0', '-1', '+2', '3.5', '-1e-7', 'A\u0301', 'B', 'CD', '101', 'bin', 'u', 'n']],
  );
  assert.deepEqual(await rowsOf(`(TRUE,FALSE,CURRENT_TIMESTAMP,NOW(),ST_GeomFromText('POINT(1 2)', 0),'')`), [
    ['TRUE', 'FALSE', 'CURRENT_TIMESTAMP', 'NOW()', "ST_GeomFromText('POINT(1 2)', 0)", ''],
  ]);
  assert.deepEqual(
    await rowsOf(String.raw`('a\'b\\','it''s',"say ""hi""",'\n\r\t\0\b\Z\%\_\q','),(','-- no /* # ; ')`),
    [["a'b\\", "it's", 'say "hi"', '\n\r\t\0\b\x1a\\%\\_q', '),(', '-- no /* # ; ']],
  );
});

test('under NO_BACKSLASH_ESCAPES a backslash is a character', async () => {
  const head = "/*!40101 SET SQL_MODE='ANSI,NO_BACKSLASH_ESCAPES' */;\n";
  assert.deepEqual(await rowsOf(String.raw`('C:\','it''s \n')`, head), [['C:\\', "it's \\n"]]);
});

test('long strings are unescaped like short ones', async () => {
  const text = `${'wheel '.repeat(40)}\\'${'spoke '.repeat(40)}''${'hub\\n'.repeat(90)}\\\\`;
  const plain = text
    .replaceAll("''", "'")
    .replaceAll("\\'", "'")
    .replaceAll('\\n', '\n')
    .replaceAll('\\\\', '\\');
  assert.deepEqual(await rowsOf(`('${text}',1)`), [[plain, '1']]);
});

test('shapes of statements: names, column lists, IGNORE, REPLACE, ON DUPLICATE KEY, line ends, byte order mark', async () => {
  const dump = [
    '\ufeff-- a comment; with a semicolon',
    '# another',
    "CREATE TABLE IF NOT EXISTS `we``ird` (`a,b)` int(3) DEFAULT 'x),(', `key` enum('a','b'), note text COMMENT \"k (\", PRIMARY KEY (`a,b)`), KEY k (`key`(10)), CONSTRAINT c CHECK (`key` > 1));",
    'INSERT INTO `we``ird` VALUES (1,2,3),',
    '(4,5,6);',
    'INSERT IGNORE INTO board.plain (x, `y`) VALUES(1,2)  ,  (3,4) ON DUPLICATE KEY UPDATE x = 1;',
    'REPLACE INTO "quoted" ("p") VALUE (1) ;',
    'insert into low values (1);',
  ].join('\r\n');
  for (const chunkBytes of [1, 7, 4096]) {
    const { rows, columns, trouble } = await see(dump, chunkBytes);
    assert.deepEqual(trouble, []);
    assert.deepEqual(columns, {
      'we`ird': ['a,b)', 'key', 'note'],
      plain: ['x', 'y'],
      quoted: ['p'],
      low: null,
    });
    assert.deepEqual(rows, {
      'we`ird': [
        ['1', '2', '3'],
        ['4', '5', '6'],
      ],
      plain: [
        ['1', '2'],
        ['3', '4'],
      ],
      quoted: [['1']],
      low: [['1']],
    });
  }
});

test('triggers and procedures between DELIMITER lines are passed over', async () => {
  const dump = `DELIMITER ;;\n/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN\nINSERT INTO log VALUES (1);\nEND */;;\nDELIMITER ;\nINSERT INTO a VALUES (7);\n`;
  for (const chunkBytes of [1, 1000]) {
    const { rows, trouble } = await see(dump, chunkBytes);
    assert.deepEqual([rows, trouble], [{ a: [['7']] }, []]);
  }
});

test('statements that reach outside are named and not run, and rows behind them are read', async () => {
  const statements = [
    "ATTACH DATABASE '/tmp/x' AS x;",
    "COPY t TO '/tmp/x';",
    "SELECT load_extension('/tmp/x.so');",
    "LOAD DATA INFILE '/etc/hosts' INTO TABLE t;",
    'SOURCE /tmp/other.sql',
    '\\! id',
    "ATTACH DATABASE '/tmp/y' AS y",
  ];
  const { rows, trouble } = await see(`${statements.join('\n')}\nINSERT INTO t VALUES (1);\n`);
  assert.deepEqual(rows, { t: [['1']] });
  assert.deepEqual(trouble.filter((code) => code === 'statement-not-run').length, statements.length);
});

test('a dump that breaks off keeps its earlier rows and says where it ends', async () => {
  const dump = "INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c";
  assert.deepEqual(await see(dump), {
    rows: {
      t: [
        ['1', 'a'],
        ['2', 'b'],
      ],
    },
    counted: {},
    columns: { t: null },
    trouble: ['t: damaged row', 'dump-truncated'],
  });
  const counted = await see(dump, 5, () => true);
  assert.deepEqual([counted.counted, counted.trouble], [{ t: 2 }, ['t: damaged row', 'dump-truncated']]);
});

test('after damage reading goes on at the next whole row of the right size', async () => {
  const dump =
    "CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES (1,'a'),(2,'b\u0000 lost, (9,'x'),(3),(4,'d'),(5,'e');\ngarbage without meaning\nINSERT INTO t VALUES (6,'f'),(7);\n";
  for (const chunkBytes of [1, 64, 4096]) {
    const { rows, trouble } = await see(dump, chunkBytes);
    assert.deepEqual(
      rows.t!.map(([a]) => a),
      ['1', '9', '4', '5', '6'],
    );
    const short = ['t: wrong number of values', 'dump-row'];
    assert.deepEqual(trouble, ['t: damaged row', 'dump-damaged', ...short, 'dump-damaged', ...short]);
  }
});

test('a row beyond the limit is given up and the next one read', async () => {
  const bytes = Buffer.alloc(limits.maxRowBytes + 100, 120);
  bytes.write("INSERT INTO t VALUES (1),('");
  bytes.write("'),(2);\n", bytes.length - 8);
  for (const wanted of [true, false]) {
    const { rows, counted, trouble } = await see(bytes, 1 << 20, () => !wanted);
    if (wanted) assert.deepEqual(rows.t, [['1'], ['2']]);
    else assert.equal(counted.t, 2);
    assert.deepEqual(trouble, ['t: damaged row', 'dump-damaged']);
  }
});

test('text is repaired only where it is provable', async () => {
  const twice = (text: string) =>
    Buffer.from(new TextDecoder('windows-1252').decode(Buffer.from(text)), 'utf8').toString();
  const texts = ['café', '“quoted” – Ünal', '李明', 'Привет'];
  for (const text of texts) assert.deepEqual(await rowsOf(`('${twice(text)}')`), [[text]], text);
  for (const text of [...texts, `é ${twice('é')}`, 'Ã la carte', 'naïve Â', 'Ã'])
    assert.deepEqual(await rowsOf(`('${text}')`), [[text]], text);
});

test('text in a legacy character set is read in the set the dump states', async () => {
  const dump = (charset: string) =>
    Buffer.concat([
      Buffer.from(`/*!40101 SET NAMES ${charset} */;\nINSERT INTO t VALUES ('`),
      Buffer.from([0xcf, 0xf0, 0xe8]),
      Buffer.from("');\n"),
    ]);
  assert.deepEqual((await see(dump('cp1251'))).rows.t, [['При']]);
  assert.deepEqual((await see(dump('latin1'))).rows.t, [['Ïðè']]);
  assert.deepEqual((await see(dump('constructor'))).rows.t, [['Ïðè']]);
});

test('one table is found without the others, wherever it stands', async () => {
  const filler =
    `INSERT INTO other VALUES ('INSERT INTO wanted VALUES (0)','\\nINSERT INTO wanted VALUES (0);');\n`.repeat(
      50,
    );
  const dump = `${filler}CREATE TABLE \`wanted\` (\`k\` int);\nINSERT INTO \`wanted\` VALUES (5),(6);\n${filler}`;
  for (const chunkBytes of [1, 100, 1 << 20]) {
    const found: (string | null)[] = [];
    await findRows(inputOf(toBytes(dump), { chunkBytes }), null, 'wanted', (row, columns) => {
      assert.deepEqual(columns, ['k']);
      found.push(row.text(0));
    });
    assert.deepEqual(found, ['5', '6']);
  }
});

// --- properties ---

/** A dump written by an independent, simple writer in one of several dialects. */
interface Dialect {
  readonly quote: "'" | '"';
  readonly escaping: 'backslash' | 'double' | 'hex';
  readonly rowBreak: string;
  readonly lineEnd: string;
  readonly rowsPerInsert: number;
  readonly columnList: boolean;
}

type Cell = string | number | null;

function writeCell(cell: Cell, { quote, escaping }: Dialect): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return String(cell);
  if (escaping === 'hex' && cell !== '') return `0x${Buffer.from(cell).toString('hex')}`;
  const doubled = cell.replaceAll(quote, quote + quote);
  if (escaping === 'double') return quote + doubled + quote;
  const signs: Record<string, string> = {
    '\0': '\\0',
    '\n': '\\n',
    '\r': '\\r',
    '\\': '\\\\',
    "'": "\\'",
    '"': '\\"',
    '\x1a': '\\Z',
  };
  return quote + [...cell].map((sign) => signs[sign] ?? sign).join('') + quote;
}

function writeDump(tables: Record<string, Cell[][]>, dialect: Dialect): string {
  const { lineEnd, rowBreak, rowsPerInsert, columnList } = dialect;
  const lines = [
    '-- made by a test',
    dialect.escaping === 'double' ? "SET SQL_MODE='NO_BACKSLASH_ESCAPES';" : '',
  ];
  for (const [name, rows] of Object.entries(tables)) {
    const columns = (rows[0] ?? ['x']).map((_, index) => `\`c${index}\``);
    lines.push(
      `DROP TABLE IF EXISTS \`${name}\`;`,
      `CREATE TABLE \`${name}\` (${columns.map((column) => `${column} text`).join(`,${lineEnd}`)});`,
    );
    lines.push(`LOCK TABLES \`${name}\` WRITE;`);
    for (let at = 0; at < rows.length; at += rowsPerInsert) {
      const values = rows
        .slice(at, at + rowsPerInsert)
        .map((row) => `(${row.map((cell) => writeCell(cell, dialect)).join(',')})`);
      lines.push(
        `INSERT INTO \`${name}\` ${columnList ? `(${columns.join(', ')}) ` : ''}VALUES${rowBreak}${values.join(`,${rowBreak}`)};`,
      );
    }
    lines.push('UNLOCK TABLES;');
  }
  return lines.join(lineEnd) + lineEnd;
}

const dialect = fc.record<Dialect>({
  quote: fc.constantFrom("'", '"'),
  escaping: fc.constantFrom('backslash', 'double', 'hex'),
  rowBreak: fc.constantFrom(' ', '\n', '\r\n'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  rowsPerInsert: fc.integer({ min: 1, max: 9 }),
  columnList: fc.boolean(),
});
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', ',', '(', ')', ';', '\n', '\0', '-', '#', '/', '*', 'a', 'é'),
    maxLength: 200,
  }),
);
const cell = fc.oneof<fc.Arbitrary<Cell>[]>(
  fc.constant(null),
  fc.integer(),
  text.map((value) => value.toWellFormed()),
);
const tables = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 20 })),
  { maxKeys: 4 },
);

test('random tables come back exactly in every dialect, in pieces of any size, read or counted', async () => {
  await fc.assert(
    fc.asyncProperty(tables, dialect, fc.constantFrom(1, 7, 4096), async (given, style, chunkBytes) => {
      const dump = writeDump(given, style);
      const filled = Object.entries(given).filter(([, rows]) => rows.length > 0);
      const expected = Object.fromEntries(
        filled.map(([name, rows]) => [
          name,
          rows.map((row) => row.map((value) => (value === null ? null : String(value)))),
        ]),
      );
      const read = await see(dump, chunkBytes);
      assert.deepEqual(read.trouble, []);
      assert.deepEqual(read.rows, expected);
      const counted = await see(dump, chunkBytes, () => true);
      assert.deepEqual(counted.trouble, []);
      assert.deepEqual(
        counted.counted,
        Object.fromEntries(filled.map(([name, rows]) => [name, rows.length])),
      );
    }),
    { seed: 11, numRuns: 250 },
  );
});

test('a damaged dump never throws, loses no row without a word, and reads alike in any pieces', async () => {
  const numbered = fc
    .integer({ min: 2, max: 30 })
    .map((count) => ({ t: Array.from({ length: count }, (_, id): Cell[] => [id, `note ${id}`, null]) }));
  const changes = fc.array(
    fc.record({ at: fc.nat(), to: fc.constantFrom(...toBytes('\'"\\(),;`0x \n\0')) }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(
      numbered,
      dialect,
      changes,
      fc.constantFrom(1, 17),
      async (given, style, mutations, chunkBytes) => {
        const bytes = toBytes(writeDump(given, style));
        const first = Buffer.from(bytes).indexOf('INSERT');
        for (const { at, to } of mutations) bytes[first + (at % (bytes.length - first - 20))] = to;
        const whole = await see(bytes);
        const read = Object.values(whole.rows).reduce((sum, rows) => sum + rows.length, 0);
        assert.ok(read >= given.t.length || whole.trouble.length > 0, `${read} of ${given.t.length}`);
        assert.deepEqual(await see(bytes, chunkBytes), whole);
        const counted = await see(bytes, 1 << 20, () => true);
        assert.deepEqual(await see(bytes, chunkBytes, () => true), counted);
      },
    ),
    { seed: 12, numRuns: 400 },
  );
});

test('any bytes at all are read without an error, alike in any pieces', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'INSERT INTO t VALUES ',
      "(1,'a')",
      ',',
      ';',
      '\n',
      '/*',
      '*/',
      '-- ',
      "'",
      'CREATE TABLE t (a int);\n',
      'DELIMITER ;;\n',
      'DELIMITER ;\n',
      '`',
      '0x',
      "X'",
      '_binary ',
      'SET NAMES cp1251;',
      '(',
      ')',
    ),
    fc.string({ maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const dump = pieces.join('');
      assert.deepEqual(await see(dump, 3), await see(dump));
      assert.deepEqual(await see(dump, 3, () => true), await see(dump, 1 << 20, () => true));
    }),
    { seed: 13, numRuns: 1500 },
  );
});
