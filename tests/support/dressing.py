"""Schemas in other keywords that say the same: what combines is united before anything is read."""


def dressed(schema, random):
    """The same schema with some of its places behind `$ref`, `allOf`, `if` and so on."""
    found = _Dressing(random)
    node = found.below(schema)
    return {**node, "$defs": found.definitions} if found.definitions else node


class _Dressing:
    def __init__(self, random):
        self.random, self.definitions = random, {}

    def node(self, schema):
        node = self.below(schema)
        ways = [self._as_it_is] * 5 + [self._defined, self._in_all_of]
        if "properties" in node and "title" not in node:
            ways += [self._by_condition, self._by_dependence, self._in_parts, self._required_in]
        return self.random.choice(ways)(node)

    def below(self, schema):
        """With what stands below it in another dress."""
        node = dict(schema)
        for word in ("properties", "patternProperties"):
            if word in node:
                node[word] = {name: self.node(one) for name, one in node[word].items()}
        for word in ("items", "additionalProperties"):
            if word in node:
                node[word] = self.node(node[word])
        for word in ("prefixItems", "anyOf"):
            if word in node and node.get("title") != "one or many":
                node[word] = [self.node(one) for one in node[word]]
        return node

    def _as_it_is(self, node):
        return node

    def _defined(self, node):
        """In a definition; what says how it is compared stays beside the reference."""
        name = f"d{len(self.definitions)}"
        beside = {word: one for word, one in node.items() if word == "x-compare"}
        self.definitions[name] = {word: one for word, one in node.items() if word not in beside}
        return {"$ref": f"#/$defs/{name}", **beside}

    def _in_all_of(self, node):
        return {"allOf": [{"description": "a part"}, node]}

    def _by_condition(self, node):
        return self._split(node, lambda part: {"if": {"required": ["p"]}, "then": part})

    def _by_dependence(self, node):
        return self._split(node, lambda part: {"dependentSchemas": {"p": part}})

    def _in_parts(self, node):
        return self._split(node, lambda part: {"allOf": [{"type": "object", **part}]})

    def _required_in(self, node):
        return {**node, "anyOf": [{"required": []}, {"required": ["p"]}]}

    def _split(self, node, rest):
        """Some of the properties in another place."""
        names = sorted(node["properties"])
        moved = self.random.sample(names, self.random.randint(0, len(names)))
        kept = {name: one for name, one in node["properties"].items() if name not in moved}
        part = {"properties": {name: node["properties"][name] for name in moved}}
        return {**node, "properties": kept, **rest(part)}
