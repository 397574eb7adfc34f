# SPDX-License-Identifier: MIT
# bash completion for nodeops
_nodeops() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'csv-transform --help --version' -- "$word")
    return
  fi
  case $previous in
    --progress)
      mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word")
      return
      ;;
    --color)
      mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$word")
      return
      ;;
    --log-format)
      mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$word")
      return
      ;;
    --newline)
      mapfile -t COMPREPLY < <(compgen -W 'auto lf cr' -- "$word")
      return
      ;;
    --to)
      mapfile -t COMPREPLY < <(compgen -W 'csv tsv ndjson' -- "$word")
      return
      ;;
    --compress)
      mapfile -t COMPREPLY < <(compgen -W 'auto none gzip zstd' -- "$word")
      return
      ;;
    --digest)
      mapfile -t COMPREPLY < <(compgen -W 'sha256' -- "$word")
      return
      ;;
    --on-error)
      mapfile -t COMPREPLY < <(compgen -W 'stop skip keep' -- "$word")
      return
      ;;
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '
      --capitalize --upper --lower --trim --squeeze --replace --mask --hash --date --number
      --default --where --select --drop --rename --reorder --hash-key-file --delimiter -d
      --quote --no-quote --no-header --newline --sniff --to --out-delimiter --compress --digest
      --on-error --rejects --max-errors --max-record --buffer --rate --shard --plan --output -o
      --jobs -j --memory-limit --report --metrics-file --events --heartbeat --health --progress
      --color --quiet -q --verbose -v --log-format --log-file --config --lock --dry-run --help
      -h --version
      ' -- "$word")
    return
  fi
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -o filenames -F _nodeops nodeops
