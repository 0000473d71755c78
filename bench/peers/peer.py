"""The protocol of a peer process: see protocol.ts."""

import json
import sys
import time


def peak_mib():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def serve(repeat):
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        if line.strip() == "end":
            break
        milliseconds = []
        for _ in range(int(line)):
            before = time.perf_counter()
            repeat()
            milliseconds.append((time.perf_counter() - before) * 1000)
        print(json.dumps({"milliseconds": milliseconds}), flush=True)
    print(json.dumps({"peakMiB": peak_mib()}), flush=True)
