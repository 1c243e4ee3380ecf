"""Makes every call of Triton's own client for HTTP, unmodified, and prints which work.

usage: python triton_calls.py HOST:PORT SIMPLE.onnx   (tritonclient[http] and requests-free: the model is uploaded by hand)
SIMPLE.onnx takes INPUT0 and INPUT1 (INT32 [n, 16]) and answers their sum and difference.
A call that the server does not know must be refused with the protocol's reason: that is told as "refused".
"""

import asyncio
import http.client
import sys

import numpy as np
import tritonclient.http as sync
import tritonclient.http.aio as aio
from tritonclient.utils import InferenceServerException

host, model_file = sys.argv[1:3]
NAME = "triton-simple"


def upload():
    connection = http.client.HTTPConnection(host)
    connection.request("POST", f"/models?name={NAME}", open(model_file, "rb").read(), {"content-type": "application/octet-stream"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status in (200, 201), body


a = np.arange(16, dtype=np.int32).reshape(1, 16)
b = np.ones((1, 16), dtype=np.int32)


def inputs(kind, binary=True):
    result = [kind.InferInput("INPUT0", [1, 16], "INT32"), kind.InferInput("INPUT1", [1, 16], "INT32")]
    result[0].set_data_from_numpy(a, binary_data=binary)
    result[1].set_data_from_numpy(b, binary_data=binary)
    return result


def outputs(kind, binary=True, **more):
    return [kind.InferRequestedOutput("OUTPUT0", binary_data=binary, **more), kind.InferRequestedOutput("OUTPUT1", binary_data=binary)]


def is_sum(result):
    assert (result.as_numpy("OUTPUT0") == a + b).all() and (result.as_numpy("OUTPUT1") == a - b).all()


def has_classes(result):
    first = result.as_numpy("OUTPUT0")
    assert first.shape == (1, 3) and first[0][0].decode().endswith(":15"), first


def true(value):
    assert value is True, value


def some(value):
    assert value, value


kind = sync
# name, call of a client, check of what it gives; a coroutine where the client is asynchronous
CALLS = [
    ("is_server_live", lambda c, k: c.is_server_live(), true),
    ("is_server_ready", lambda c, k: c.is_server_ready(), true),
    ("is_model_ready", lambda c, k: c.is_model_ready(NAME), true),
    ("is_model_ready version", lambda c, k: c.is_model_ready(NAME, "1"), true),
    ("get_server_metadata", lambda c, k: c.get_server_metadata(), some),
    ("get_model_metadata", lambda c, k: c.get_model_metadata(NAME), some),
    ("get_model_config", lambda c, k: c.get_model_config(NAME), some),
    ("get_model_repository_index", lambda c, k: c.get_model_repository_index(), some),
    ("get_inference_statistics", lambda c, k: c.get_inference_statistics(), some),
    ("get_inference_statistics model", lambda c, k: c.get_inference_statistics(NAME), some),
    ("infer, binary", lambda c, k: c.infer(NAME, inputs(k)), is_sum),
    ("infer, binary, version", lambda c, k: c.infer(NAME, inputs(k), model_version="1"), is_sum),
    ("infer, JSON in, binary out", lambda c, k: c.infer(NAME, inputs(k, False), outputs=outputs(k)), is_sum),
    ("infer, binary in, JSON out", lambda c, k: c.infer(NAME, inputs(k), outputs=outputs(k, False)), is_sum),
    ("infer, JSON", lambda c, k: c.infer(NAME, inputs(k, False), outputs=outputs(k, False)), is_sum),
    ("infer, one of two JSON", lambda c, k: c.infer(NAME, inputs(k), outputs=[*outputs(k)[:1], *outputs(k, False)[1:]]), is_sum),
    ("infer, request id", lambda c, k: c.infer(NAME, inputs(k), request_id="7"), is_sum),
    ("infer, parameters", lambda c, k: c.infer(NAME, inputs(k), parameters={"a": 1}), is_sum),
    ("infer, priority and timeout", lambda c, k: c.infer(NAME, inputs(k), priority=1, timeout=1000000), is_sum),
    ("infer, headers", lambda c, k: c.infer(NAME, inputs(k), headers={"x-a": "b"}), is_sum),
    ("infer, query", lambda c, k: c.infer(NAME, inputs(k), query_params={"non_finite": "null"}), is_sum),
    ("infer, gzip request", lambda c, k: c.infer(NAME, inputs(k), request_compression_algorithm="gzip"), is_sum),
    ("infer, deflate request", lambda c, k: c.infer(NAME, inputs(k), request_compression_algorithm="deflate"), is_sum),
    ("infer, gzip answer", lambda c, k: c.infer(NAME, inputs(k), response_compression_algorithm="gzip"), is_sum),
    ("infer, deflate answer", lambda c, k: c.infer(NAME, inputs(k), response_compression_algorithm="deflate"), is_sum),
    ("infer, classification", lambda c, k: c.infer(NAME, inputs(k), outputs=outputs(k, class_count=3)), has_classes),
    ("unload_model", lambda c, k: c.unload_model(NAME), None),
    ("load_model", lambda c, k: c.load_model(NAME), None),
    ("unload_model dependents", lambda c, k: c.unload_model(NAME, unload_dependents=True), None),
    ("load_model again", lambda c, k: c.load_model(NAME), None),
    ("load_model config", lambda c, k: c.load_model(NAME, config='{"max_batch_size": 8}'), None),
    ("get_trace_settings", lambda c, k: c.get_trace_settings(), None),
    ("update_trace_settings", lambda c, k: c.update_trace_settings(settings={"trace_level": ["OFF"]}), None),
    ("get_log_settings", lambda c, k: c.get_log_settings(), None),
    ("update_log_settings", lambda c, k: c.update_log_settings({"log_info": True}), None),
    ("get_system_shared_memory_status", lambda c, k: c.get_system_shared_memory_status(), None),
    ("get_cuda_shared_memory_status", lambda c, k: c.get_cuda_shared_memory_status(), None),
    ("unregister_system_shared_memory", lambda c, k: c.unregister_system_shared_memory(), None),
    ("unregister_cuda_shared_memory", lambda c, k: c.unregister_cuda_shared_memory(), None),
]

counts = {"works": 0, "refused": 0, "FAILS": 0}


def tell(which, name, outcome, why=""):
    counts[outcome] += 1
    print(f"{outcome:8} {which:5} {name:34} {why}")


def judge(which, name, error):
    if error is None:
        return tell(which, name, "works")
    # Trace, log and shared memory are extensions that the metadata of the server does not list.
    if isinstance(error, InferenceServerException) and any(word in str(error) for word in ("not supported", "There is no", "Unsupported")):
        return tell(which, name, "refused", str(error)[:110])
    tell(which, name, "FAILS", f"{type(error).__name__} {str(error)[:150]}")


def main():
    upload()
    client = sync.InferenceServerClient(host)
    for name, call, check in CALLS:
        try:
            value = call(client, sync)
            if check is not None:
                check(value)
            judge("sync", name, None)
        except Exception as error:  # whatever a client throws is what its user gets
            judge("sync", name, error)
    try:
        is_sum(client.async_infer(NAME, inputs(sync)).get_result())
        judge("sync", "async_infer", None)
    except Exception as error:
        judge("sync", "async_infer", error)

    async def run():
        asynchronous = aio.InferenceServerClient(host)
        for name, call, check in CALLS:
            try:
                value = await call(asynchronous, aio)
                if check is not None:
                    check(value)
                judge("aio", name, None)
            except Exception as error:
                judge("aio", name, error)
        await asynchronous.close()

    asyncio.run(run())
    print(counts)


main()
