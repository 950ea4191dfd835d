"""Runs two commands in turn, each printing lines of JSON with "ms", and compares their medians.

usage: python alternate.py ROUNDS 'PEER COMMAND' 'BULWARK COMMAND'
"""
import json, shlex, statistics, subprocess, sys

rounds, peer, ours = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def run(command):
    out = subprocess.run(shlex.split(command), stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return statistics.median(r["ms"] for r in rows), max(r.get("peak_mib", 0) for r in rows)


ratios, times = [], {"peer": [], "ours": []}
for k in range(rounds):
    (p, pm), (o, om) = run(peer), run(ours)
    times["peer"].append(p), times["ours"].append(o), ratios.append(p / o)
    print(json.dumps({"round": k + 1, "peer_ms": p, "ours_ms": o, "ratio": round(p / o, 3), "peer_mib": pm, "ours_mib": om}), flush=True)
print(json.dumps({"median_peer_ms": statistics.median(times["peer"]), "median_ours_ms": statistics.median(times["ours"]),
                  "median_ratio": round(statistics.median(ratios), 3), "range": [round(min(ratios), 3), round(max(ratios), 3)]}))
