"""What is counted about days; no word about anybody."""

from prometheus_client import Counter, Histogram

HITS = Counter("dra_day_hits", "Days served as they were kept, and where.", ["place"])
FROM_MEMORY, FROM_REDIS, SHARED = (HITS.labels(place) for place in ("memory", "redis", "shared"))
MISSES = Counter("dra_day_misses", "Days that were not kept, or not of the version that counts.")
STALE_REFUSED = Counter(
    "dra_day_stale_refused", "Days that were kept and not served: something had changed since."
)
REBUILD_SECONDS = Histogram("dra_day_rebuild_seconds", "Time to build a day from the database.")
REDIS_FAILURES = Counter("dra_day_redis_failures", "Times Redis did not do what it was asked.")
