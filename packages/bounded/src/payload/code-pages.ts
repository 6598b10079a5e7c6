/**
 * What the code pages of DOS have at 0x80 to 0xff. Consoles of Windows and older systems send them, and no
 * decoder of the platform knows them. https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/PC/
 */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\xa0';
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
  '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0';

const CP852 =
  'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
  '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\xad˝˛ˇ˘§÷¸°¨˙űŘř■\xa0';

const TABLES = new Map([
  ['437', CP437],
  ['850', CP850],
  ['852', CP852],
  // With the euro.
  ['858', CP850.replace('ı', '€')],
]);

/** Names of IBM, Microsoft, Java, Python and the IANA: `IBM437`, `cp850`, `PC852`, `IBM00858`, `437`. */
const LABEL = /^(?:cs)?(?:cp|ibm|pc|oem|dos)?[-_]?0{0,2}(437|850|852|858)$/i;
const IANA = new Map([
  ['cspc8codepage437', '437'],
  ['cspc850multilingual', '850'],
  ['cspcp852', '852'],
  ['pc-multilingual-850+euro', '858'],
]);

/** The table of a code page; undefined for any other charset. */
export function codePage(label: string): string | undefined {
  const number = LABEL.exec(label)?.[1] ?? IANA.get(label.toLowerCase());
  return number === undefined ? undefined : TABLES.get(number);
}

/** Text in a code page, in which each byte is a character. */
export const decodeCodePage = (bytes: Buffer, table: string): string =>
  bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => table[byte.charCodeAt(0) - 0x80] ?? byte);
