"""A real engine on loopback: llama.cpp's own server, with a tiny model that is made up.

    with Engine() as engine:
        ...  # a client at engine.url; what it answers is nonsense, held to the schema

The server is that of `xllamacpp`, the model is written with `gguf`: both are in the extra `engine`.
The model knows nothing, but it ends what it begins, so answers are short. `python
tests/llm/engine.py MODEL` serves a model until its standard input ends.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

HOST = "127.0.0.1"
SEED = 7
STARTS_WITHIN = 60
CONTEXT = 8192
SLOTS = 4

WIDTH, HIDDEN, HEADS, LAYERS = 64, 128, 4, 2

BOS, EOS, UNKNOWN = 1, 2, 0
BYTES = 3
"""The token of byte 0; those of all others follow, so there is nothing that cannot be written."""

SPACE, CALL = "\u2581", "<tool_call>\n"
"""A space, as such tokenizers have it, and what begins the call of a function."""

TEMPLATE = """\
{% if tools %}<|system|>
Functions: {{ tools | tojson }}
{% endif %}{% for m in messages %}<|{{ m.role }}|>
{{ m.content }}{% for c in m.tool_calls or [] %}<tool_call>
{"name": "{{ c.function.name }}", "arguments": {{ c.function.arguments | tojson }}}
</tool_call>{% endfor %}
{% endfor %}{% if add_generation_prompt %}<|assistant|>
{% endif %}"""
"""Of chats. The server works out from it how a call of a function is written."""


class Engine:
    """The server as a test sees it: a context manager that starts and stops its process."""

    def __enter__(self) -> "Engine":
        self._folder = tempfile.TemporaryDirectory()
        model, log = (Path(self._folder.name) / name for name in ("tiny.gguf", "log"))
        write_model(model)
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(model)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # a signal to a client's group is none to the server
            )
        try:
            self.port = self._started()
        except BaseException as error:
            self.__exit__()
            error.add_note(log.read_text("utf-8", "replace")[-2000:] if log.is_file() else "")
            raise
        self.url = f"http://{HOST}:{self.port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def _started(self) -> int:
        """The port, once the server says that it is well."""
        deadline = time.monotonic() + STARTS_WITHIN
        too_late = threading.Timer(STARTS_WITHIN, self._process.kill)
        too_late.start()
        try:
            said = self._process.stdout.readline()
        finally:
            too_late.cancel()
        if not said:
            raise RuntimeError("the engine did not start")
        port = int(said)
        while not _is_well(port):
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("the engine is not well")
            time.sleep(0.05)
        return port


def _is_well(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def write_model(path: Path) -> None:
    """Random weights, always the same, and a vocabulary of bytes: about 0.5 MB."""
    import gguf

    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), SPACE, CALL]
    kind = gguf.TokenType
    types = [kind.UNKNOWN, kind.CONTROL, kind.CONTROL, *[kind.BYTE] * 256]
    model = gguf.GGUFWriter(path, "llama")
    model.add_context_length(CONTEXT)
    model.add_vocab_size(len(tokens))
    model.add_embedding_length(WIDTH)
    model.add_feed_forward_length(HIDDEN)
    model.add_block_count(LAYERS)
    model.add_head_count(HEADS)
    model.add_head_count_kv(HEADS)
    model.add_rope_dimension_count(WIDTH // HEADS)
    model.add_layer_norm_rms_eps(1e-5)
    model.add_file_type(gguf.LlamaFileType.ALL_F32)
    model.add_tokenizer_model("llama")
    model.add_token_list(tokens)
    model.add_token_types([*types, kind.NORMAL, kind.USER_DEFINED])
    model.add_token_scores([0.0] * len(tokens))
    model.add_unk_token_id(UNKNOWN)
    model.add_bos_token_id(BOS)
    model.add_eos_token_id(EOS)
    model.add_add_space_prefix(False)
    model.add_chat_template(TEMPLATE)
    for name, weights in _weights(len(tokens)).items():
        model.add_tensor(name, weights.astype(np.float32))
    model.write_header_to_file()
    model.write_kv_data_to_file()
    model.write_tensors_to_file()
    model.close()


def _weights(tokens: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(SEED)

    def drawn(rows: int, columns: int, scale: float = 0.05) -> np.ndarray:
        return random.standard_normal((rows, columns)) * scale

    found = {
        "token_embd.weight": drawn(tokens, WIDTH, 1),
        "output.weight": drawn(tokens, WIDTH, 0.25),
        "output_norm.weight": np.ones(WIDTH),
    }
    for layer in range(LAYERS):
        found |= {
            f"blk.{layer}.{name}.weight": weights
            for name, weights in {
                "attn_norm": np.ones(WIDTH),
                "attn_q": drawn(WIDTH, WIDTH),
                "attn_k": drawn(WIDTH, WIDTH),
                "attn_v": drawn(WIDTH, WIDTH),
                "attn_output": drawn(WIDTH, WIDTH),
                "ffn_norm": np.ones(WIDTH),
                "ffn_gate": drawn(HIDDEN, WIDTH),
                "ffn_up": drawn(HIDDEN, WIDTH),
                "ffn_down": drawn(WIDTH, HIDDEN),
            }.items()
        }
    # The first dimension is the same everywhere and nothing writes to it, so it serves as what
    # such a model has not: a bias of each token.
    for name, weights in found.items():
        if name.endswith(("attn_output.weight", "ffn_down.weight")):
            weights[0] = 0
    constant = 8.0
    found["token_embd.weight"][:, 0] = constant
    normal = constant / np.sqrt(1 + constant**2 / WIDTH)
    found["output.weight"][:, 0] = _bias(tokens) / normal
    return found


def _bias(tokens: int) -> np.ndarray:
    """How likely each token is, as a logarithm: visible ASCII, more so what ends a string, a list,
    an answer, and what begins a call; hardly ever a space; never half a character, which the server
    takes for a failure of its own."""
    found = np.full(tokens, -20.0)
    for text, bias in [
        (bytes(range(33, 127)), 0),
        (b"0123456789{}[],:", 1),
        (b'"', 2.5),
        (b" \n\\", -6),
    ]:
        found[[BYTES + byte for byte in text]] = bias
    found[EOS], found[tokens - 2], found[tokens - 1] = 4, -6, 2
    return found


def serve(model: str) -> None:
    """Prints the port, then serves until standard input ends."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = model, {"tiny"}
    params.n_ctx, params.n_parallel = CONTEXT * SLOTS, SLOTS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = params.fit_params = params.ui = False
    params.sampling.temp, params.sampling.top_k = 1.0, 0  # tokens as likely as the model has them
    params.sampling.top_p, params.sampling.min_p = 1.0, 0.0
    threading.Thread(target=_end_with_input, daemon=True).start()
    server = xllamacpp.Server(params)  # on a free port
    print(server.listening_address.rpartition(":")[2], flush=True)  # noqa: T201
    threading.Event().wait()


def _end_with_input() -> None:
    """Whoever started the server may die without a word."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
