# Sends event.json as Stripe does (Stripe-Signature). Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
TIMESTAMP=$(date +%s)
SIGNATURE=$({ printf '%s.' "$TIMESTAMP"; cat event.json; } | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //')
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H "Stripe-Signature: t=$TIMESTAMP,v1=$SIGNATURE"
