#!/usr/bin/env bash
# Sends Tallyhook a genuinely signed payment callback, made with nothing but openssl and curl.
#
#   docs/send-callback.sh OUT_TRADE_NO YUAN [BASE_URL]
#   docs/send-callback.sh P01M843BBNQEB2RFE7AJDY4VRY1 19.99 http://localhost:8080
#
# It plays Alipay telling the merchant "paid", so the payment must be one of provider alipay, account sandbox; with the
# method external nobody but us has to know of it. The sandbox must have run once: it made the key. Alipay and not WeChat
# Pay, because WeChat's callbacks are encrypted with AES-256-GCM, which the openssl command cannot do.
#
# DATA_DIR  where Tallyhook keeps its data, ./data if not set
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
out_trade_no=$1 total_amount=$2 base_url=${3:-http://localhost:8080}
key=${DATA_DIR:-./data}/sandbox/alipay-private-key.pem
[ -r "$key" ] || { echo "No key at $key: start Tallyhook with the sandbox once, or set DATA_DIR." >&2; exit 1; }

# 1. What Alipay says, one field a line. The names are in ASCII order, as the signature wants them; times are Beijing's.
#    app_id and seller_id are the sandbox merchant's. notify_id names this notification, trade_no Alipay's own payment.
now=$(TZ=UTC-8 date '+%Y-%m-%d %H:%M:%S')
fields=(
  "app_id=2021000000009999"
  "charset=utf-8"
  "gmt_payment=$now"
  "notify_id=$(openssl rand -hex 16)"
  "notify_time=$now"
  "notify_type=trade_status_sync"
  "out_trade_no=$out_trade_no"
  "seller_id=2088000000009999"
  "total_amount=$total_amount"
  "trade_no=$(TZ=UTC-8 date '+%Y%m%d%H%M%S')$(openssl rand -hex 7)"
  "trade_status=TRADE_SUCCESS"
  "version=1.0"
)

# 2. The signed text: the fields joined by &, values as they are (not URL-encoded), without sign and sign_type.
text=$(IFS='&'; printf '%s' "${fields[*]}")

# 3. SHA-256 with RSA by Alipay's private key (the sandbox plays Alipay, so it has one), in Base64 on one line.
sign=$(printf '%s' "$text" | openssl dgst -sha256 -sign "$key" | openssl base64 -A)

# 4. The form, now URL-encoded, to the callback address of the account. Genuine and booked: the answer is "success".
form=()
for field in "${fields[@]}" "sign_type=RSA2" "sign=$sign"; do form+=(--data-urlencode "$field"); done
curl --silent --show-error --max-time 10 --write-out '\n(HTTP %{http_code})\n' "${form[@]}" "$base_url/callbacks/alipay/sandbox"
