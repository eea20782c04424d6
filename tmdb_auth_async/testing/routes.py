"""Which handler a path of a fake belongs to, and how that path may be shown."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

import attrs

from .messages import Answer, Incoming

StateT = TypeVar("StateT")

Handler = Callable[[StateT, Incoming], Answer]
"""Carries a request out in one go: it awaits nothing, so no other request comes between."""

_NO_IDS: Mapping[str, str] = {}
_LOOKS_SECRET = re.compile(r"[^/]{20,}")


@attrs.frozen
class Route(Generic[StateT]):
    """A method and a path template, such as `/3/movie/{movie_id}`, and who handles them."""

    method: str
    template: str
    handler: Handler[StateT]


@attrs.frozen
class Resource(Generic[StateT]):
    """All that answers under one path template; segments of `None` are filled by ids."""

    template: str
    segments: tuple[str | None, ...]
    names: tuple[str, ...]
    handlers: dict[str, Handler[StateT]]

    def ids(self, parts: list[str]) -> Mapping[str, str] | None:
        """Read the ids out of a path's segments; `None` when it is another resource's path."""
        found: list[str] = []
        for part, segment in zip(parts, self.segments, strict=True):
            if segment is None:
                if not part:
                    return None
                found.append(part)
            elif part != segment:
                return None
        return dict(zip(self.names, found, strict=True))


@attrs.frozen
class Found(Generic[StateT]):
    """What a path leads to: `resource` is `None` when nothing is there; `shown` holds no secret."""

    resource: Resource[StateT] | None
    shown: str
    ids: Mapping[str, str] = attrs.field(default=_NO_IDS, repr=False)


class Routes(Generic[StateT]):
    """Finds the resource of a path; ids not named in *public_ids* are never shown."""

    def __init__(self, routes: Iterable[Route[StateT]], *, public_ids: frozenset[str] = frozenset()) -> None:
        self._public_ids = public_ids
        self._fixed: dict[str, Found[StateT]] = {}
        self._templates: dict[int, list[Resource[StateT]]] = {}
        resources: dict[str, Resource[StateT]] = {}
        for route in routes:
            resource = resources.get(route.template)
            if resource is None:
                resource = resources[route.template] = self._resource(route.template)
                self._place(resource)
            resource.handlers[route.method] = route.handler

    def find(self, path: str) -> Found[StateT]:
        """Return what *path* leads to."""
        fixed = self._fixed.get(path)
        if fixed is not None:
            return fixed
        parts = path.split("/")
        for resource in self._templates.get(len(parts), ()):
            ids = resource.ids(parts)
            if ids is not None:
                return Found(resource, self._shown(resource, parts), ids)
        return Found(None, _LOOKS_SECRET.sub("{secret}", path))

    def _resource(self, template: str) -> Resource[StateT]:
        parts = template.split("/")
        names = tuple(part[1:-1] for part in parts if part[:1] == "{")
        return Resource(template, tuple(None if part[:1] == "{" else part for part in parts), names, {})

    def _place(self, resource: Resource[StateT]) -> None:
        if resource.names:
            self._templates.setdefault(len(resource.segments), []).append(resource)
        else:
            self._fixed[resource.template] = Found(resource, resource.template)

    def _shown(self, resource: Resource[StateT], parts: list[str]) -> str:
        return "/".join(
            part if fixed is not None or template[1:-1] in self._public_ids else template
            for part, fixed, template in zip(parts, resource.segments, resource.template.split("/"), strict=True)
        )


def fits(wanted: str, path: str) -> bool:
    """Tell whether *path* is the *wanted* one, in which a segment like `{name}` stands for any."""
    if wanted == path:
        return True
    if "{" not in wanted:
        return False
    wants, parts = wanted.split("/"), path.split("/")
    return len(wants) == len(parts) and all(
        want == part or (want[:1] == "{" and want[-1:] == "}") for want, part in zip(wants, parts, strict=True)
    )
