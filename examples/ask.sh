#!/bin/sh
# Asks a server who is online, from a script. Usage: ask.sh [HOST [PORT]]
# The pings fence the answer: what stands between the two pongs and is neither chat nor a word
# of the server's is the list. -N makes nc tell the server that no more lines follow.
printf '%s\r\n' "asker$$" '!ping a' '!users' '!ping b' |
  nc -N "${1:-127.0.0.1}" "${2:-8888}" |
  tr -d '\r' |
  sed -n '/^!pong a$/,/^!pong b$/p' |
  grep -v -e '^[!#@]' -e ': '
