import { type Called, codeContent, codeHeaders, needsSecret, type Signing, usesOf } from './signing.js';

/** A text as a literal in ASCII, because older versions read a program in the charset of the machine. */
const literal = (text: string): string =>
  JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const KEYS = {
  text: 'secret.getBytes(UTF_8)',
  hex: 'HexFormat.of().parseHex(secret)',
  base64: 'Base64.getDecoder().decode(secret)',
  whsec: 'Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""))',
};
const ALGORITHMS: Record<string, string> = { sha1: 'HmacSHA1', sha256: 'HmacSHA256', sha512: 'HmacSHA512' };

/** The lines that make a proof, without indentation. */
function proofOf(signing: Signing): string[] {
  if (!needsSecret(signing)) return [];
  const lines = ['String secret = System.getenv("WEBHOOK_SECRET");'];
  if (signing.kind !== 'hmac') return lines;
  const { algorithm, encoding, key, time } = signing;
  const now =
    time === 'rfc3339'
      ? 'Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()'
      : 'Long.toString(Instant.now().getEpochSecond())';
  if (usesOf(signing, 'timestamp')) lines.push(`String timestamp = ${now};`);
  if (usesOf(signing, 'id')) lines.push('String id = UUID.randomUUID().toString();');
  const name = literal(ALGORITHMS[algorithm] ?? algorithm);
  const digest = `mac.doFinal((${codeContent(signing)}).getBytes(UTF_8))`;
  const written =
    encoding === 'hex'
      ? `HexFormat.of().formatHex(${digest})`
      : `Base64.getEncoder().encodeToString(${digest})`;
  return [
    ...lines,
    `Mac mac = Mac.getInstance(${name});`,
    `mac.init(new SecretKeySpec(${KEYS[key]}, ${name}));`,
    `String signature = ${written};`,
  ];
}

function headersOf({ signing, headers }: Called): string {
  const own = Object.entries(headers).map(([name, value]) => [name, literal(value)]);
  const user = signing.kind === 'basic' ? literal(`${signing.username}:`) : '';
  const basic = user
    ? [['Authorization', `"Basic " + Base64.getEncoder().encodeToString((${user} + secret).getBytes(UTF_8))`]]
    : [];
  return [...own, ...codeHeaders(signing), ...basic]
    .map(([name, value]) => `      .header(${literal(name ?? '')}, ${value})\n`)
    .join('');
}

/**
 * A program for Java 17 and later, for `java Call.java`, that triggers a webhook and prints the run's state.
 */
export function javaSnippet(called: Called): string {
  const { url, payload, signing } = called;
  const target =
    signing.kind === 'query'
      ? `webhookUrl + ${literal(`?${encodeURIComponent(signing.parameter)}=`)} + URLEncoder.encode(secret, UTF_8)`
      : 'webhookUrl';
  return `import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.*;
import java.net.http.*;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Call {
  static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Sends a request. Ends the program where it is refused. */
  static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() > 299) {
      System.err.println(answer.body());
      System.exit(1);
    }
    return answer;
  }

  public static void main(String[] args) throws Exception {
    String webhookUrl = ${url === undefined ? 'System.getenv("WEBHOOK_URL")' : literal(url)};
    String body = ${literal(JSON.stringify(payload))};
${proofOf(signing)
  .map((line) => `    ${line}\n`)
  .join('')}
    HttpResponse<String> accepted = send(HttpRequest.newBuilder(URI.create(${target}))
      .header("Content-Type", "application/json")
      // What your event is called: a retry of it under the same key makes no second run.
      .header("Idempotency-Key", UUID.randomUUID().toString())
${headersOf(called)}      .POST(HttpRequest.BodyPublishers.ofString(body)));
    Optional<String> status = accepted.headers().firstValue("location");
    if (status.isEmpty()) {
      System.out.println("The event made no run: " + accepted.body());
      return;
    }

    String api = webhookUrl.split("/api/webhooks/")[0];
    String task;
    do {
      // Answers once the run has ended, or after 30 seconds with how far it is.
      task = send(HttpRequest.newBuilder(URI.create(api + status.get() + "&wait=30"))).body();
    } while (!task.contains("\\"status\\":\\"SUCCESS\\"") && !task.contains("\\"status\\":\\"FAILURE\\""));
    System.out.println(task);
  }
}
`;
}
