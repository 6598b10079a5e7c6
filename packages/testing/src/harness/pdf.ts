/** A page's content stream that writes lines in Helvetica. */
const write = (lines: string[]) =>
  `BT /F1 12 Tf 14 TL 72 720 Td ${lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join(' ')} ET`;

/** A PDF (1.4) with one page for each list of lines; with `encrypted`, one that wants a password. */
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
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, n) => {
    const offset = body.length;
    body += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = [
    '0000000000 65535 f ',
    ...offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n `),
  ];
  const secret = `<${'11'.repeat(32)}>`;
  const encryption = encrypted
    ? `/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O ${secret} /U ${secret} >> /ID [${secret} ${secret}]`
    : '';
  const trailer = `trailer\n<< /Size ${table.length} /Root 1 0 R ${encryption} >>`;
  return Buffer.from(
    `${body}xref\n0 ${table.length}\n${table.join('\n')}\n${trailer}\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}
