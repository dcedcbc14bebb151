"""The same metrics sent to an OpenTelemetry collector, where the environment names one."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from contrapost.log import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opentelemetry.metrics import CallbackOptions, Meter, Observation
    from prometheus_client import CollectorRegistry


class NoOpenTelemetryError(Exception):
    """OpenTelemetry was asked for and is not installed; says how to."""


@contextmanager
def sent(registry: CollectorRegistry) -> Iterator[None]:
    """Sends metrics for the time of a block, each minute unless OTEL_METRIC_EXPORT_INTERVAL says otherwise.

    Raises:
        NoOpenTelemetryError: its packages are not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    except ImportError as fault:
        raise NoOpenTelemetryError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed. Run `pip install "
            "'contrapost[otel]'`, or take the variable away."
        ) from fault
    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    named = Resource.create({SERVICE_NAME: "contrapost"})  # OTEL_SERVICE_NAME has the last word
    provider = MeterProvider(metric_readers=[reader], resource=named)
    _observe(provider.get_meter("contrapost"), registry)
    say("metrics are sent to OpenTelemetry")
    try:
        yield
    finally:
        provider.shutdown()


def _observe(meter: Meter, registry: CollectorRegistry) -> None:
    """One observed instrument for each sample; a histogram is sent as what it adds up to."""
    for family in registry.collect():
        counts = family.type in {"counter", "histogram"}
        make = meter.create_observable_counter if counts else meter.create_observable_gauge
        ends = {"counter": ("_total",), "histogram": ("_sum", "_count")}.get(family.type, ("",))
        for end in ends:
            name = family.name + end
            make(name, callbacks=[partial(_samples, registry, name)], description=family.documentation)


def _samples(registry: CollectorRegistry, name: str, _options: CallbackOptions) -> Iterable[Observation]:
    from opentelemetry.metrics import Observation

    for family in registry.collect():
        for sample in family.samples:
            if sample.name == name:
                yield Observation(sample.value, dict(sample.labels))
