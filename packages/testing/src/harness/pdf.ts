import { constants, deflateRawSync, deflateSync } from 'node:zlib';

/** A page's content stream that writes lines in Helvetica. */
const write = (lines: string[]) =>
  `BT /F1 12 Tf 14 TL 72 720 Td ${lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join(' ')} ET`;

/** A PDF (1.4) with one page for each list of lines; with `encrypted`, it needs a password. */
export function makePdf(pages: string[][], { encrypted = false } = {}): Buffer {
  const kids = pages.map((_, n) => `${4 + 2 * n} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((lines, n) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * n} 0 R >>`,
      `<< /Length ${write(lines).length} >>\nstream\n${write(lines)}\nendstream`,
    ]),
  ];
  const secret = `<${'11'.repeat(32)}>`;
  const encryption = encrypted
    ? `/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O ${secret} /U ${secret} >> /ID [${secret} ${secret}]`
    : '';
  return pdfOf(
    objects.map((object) => Buffer.from(object, 'latin1')),
    encryption,
  );
}

/** A PDF of these objects, numbered from 1. The first is the catalog. */
function pdfOf(objects: Buffer[], inTrailer = ''): Buffer {
  const parts = [Buffer.from('%PDF-1.4\n')];
  let length = parts[0]?.length ?? 0;
  const offsets = objects.map((object, n) => {
    const offset = length;
    const part = Buffer.concat([Buffer.from(`${n + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    length += part.length;
    return offset;
  });
  const table = [
    '0000000000 65535 f ',
    ...offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n `),
  ];
  const trailer = `trailer\n<< /Size ${table.length} /Root 1 0 R ${inTrailer} >>`;
  const end = `xref\n0 ${table.length}\n${table.join('\n')}\n${trailer}\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

/** A one-page PDF whose content is `stream`, packed as `filters` says. */
function onePage(stream: Buffer, filters: string, pages = 1): Buffer {
  return pdfOf([
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Kids [3 0 R] /Count ${pages} >>`),
    Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Contents 4 0 R >>'),
    Buffer.concat([
      Buffer.from(`<< /Length ${stream.length} ${filters} >>\nstream\n`),
      stream,
      Buffer.from('\nendstream'),
    ]),
  ]);
}

/** PDFs of a few kilobytes that are very expensive to read, by their content. */
export const HOSTILE_PDFS = {
  /** This many MiB of zeros, packed twice. */
  zeros(mib: number): Buffer {
    // A packed MiB that can be repeated.
    const one = deflateRawSync(Buffer.alloc(2 ** 20), { finishFlush: constants.Z_FULL_FLUSH });
    const head = Buffer.from([0x78, 0x9c]);
    const packed = Buffer.concat([head, ...Array<Buffer>(mib).fill(one), deflateRawSync('')]);
    return onePage(deflateSync(packed, { level: 9 }), '/Filter [/FlateDecode /FlateDecode]');
  },
  /** Packed operators that each create an object. */
  operators: (count: number): Buffer =>
    onePage(deflateSync(Buffer.alloc(count * 2, 'q ')), '/Filter /FlateDecode'),
  /** Nested arrays. */
  depth: (levels: number): Buffer =>
    onePage(Buffer.from(`${'['.repeat(levels)}${']'.repeat(levels)} TJ`), ''),
  /** Claims to have more pages than it has. */
  pages: (count: number): Buffer => onePage(Buffer.from(''), '', count),
  /** A circular page tree. */
  circle: (): Buffer =>
    pdfOf([
      Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
      Buffer.from(`<< /Type /Pages /Kids [${'2 0 R '.repeat(1_000)}] /Count 1000 >>`),
    ]),
};
