"""The service as described for Docker: every name in it means something here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from casework.settings import VARIABLES, Settings
from webapp.cli import main

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
KEYS = {
    *("image", "build", "command", "environment", "volumes", "ports", "depends_on"),
    *("restart", "healthcheck"),
}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def filled_in(value: str) -> str:
    """As Compose puts in variables: ${NAME:-default}, ${NAME:?words}."""
    return re.sub(r"\$\{[A-Z_]+:([-?])([^}]*)\}", lambda m: m[2] if m[1] == "-" else "given", value)


def test_web_worker_beat_database_and_redis_are_there():
    assert set(SERVICES) == {"setup", "web", "worker", "beat", "postgres", "redis"}
    assert set(OURS) == {"setup", "web", "worker", "beat"}
    assert set(COMPOSE) == {"x-samverkan", "services", "volumes"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_says_only_what_compose_knows(name):
    service = SERVICES[name]
    assert service.keys() <= KEYS
    assert "image" in service
    assert service["restart"] in {"no", "unless-stopped"}
    assert all(isinstance(value, str) for value in service.get("environment", {}).values())


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_come_true(name):
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        condition = wanted["condition"]
        assert condition in CONDITIONS
        if condition == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]
        if condition == "service_completed_successfully":
            assert SERVICES[other]["restart"] == "no"


def test_no_service_waits_for_itself_through_others():
    left = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}
    while left:
        free = {name for name, waits in left.items() if not waits & left.keys()}
        assert free, f"waiting in a circle: {sorted(left)}"
        left = {name: waits for name, waits in left.items() if name not in free}


@pytest.mark.parametrize("name", SERVICES)
def test_named_volumes_are_declared(name):
    for volume in SERVICES[name].get("volumes", []):
        source, target = volume.split(":")
        assert source in COMPOSE["volumes"]
        assert target.startswith("/")


@pytest.mark.parametrize("name", OURS)
def test_our_settings_are_settings_and_make_an_installation(name):
    environment = {k: filled_in(v) for k, v in OURS[name]["environment"].items()}
    assert environment.keys() <= {variable.name for variable in VARIABLES}
    settings = Settings.from_environment(environment)
    assert settings.database_url == "postgresql+psycopg://samverkan:given@postgres/samverkan"
    assert settings.redis_url == "redis://redis:6379/0"


@pytest.mark.parametrize("name", OURS)
def test_our_commands_are_commands(name, capsys):
    program, *arguments = shlex.split(OURS[name]["command"])
    if program == "samverkan":
        with pytest.raises(SystemExit) as ended:
            main([arguments[0], "--help"])
        assert ended.value.code == 0
        return
    assert program == "celery"
    assert arguments[:2] == ["--app", "workers.app"]
    assert arguments[2] == name
    assert (ROOT / "workers" / "app.py").is_file()


def test_the_health_check_asks_the_page_that_the_application_has():
    assert "/health/live" in SERVICES["web"]["healthcheck"]["test"][-1]
    compile(SERVICES["web"]["healthcheck"]["test"][-1], "healthcheck", "exec")


def test_only_the_pages_are_reached_from_outside_and_only_from_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_no_secret_is_written_down():
    assert "POSTGRES_PASSWORD:?" in TEXT
    assert not re.search(r"PASSWORD: *[\"']?\w+[\"']?$", TEXT, re.MULTILINE)


def test_the_image_installs_from_the_lock_and_does_not_run_as_root():
    lines = (ROOT / "Dockerfile").read_text("utf-8")
    assert "--require-hashes --only-binary :all: -r requirements.lock" in lines
    assert re.search(r"^USER samverkan$", lines, re.MULTILINE)
    for source in re.findall(r"^COPY (\S+) ", lines, re.MULTILINE):
        assert (ROOT / source).exists()
