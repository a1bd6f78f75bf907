"""docker-compose.yml and the Dockerfile without a daemon: the schema, and that everything named in them exists."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from streams.cli import main
from streams.settings import PREFIX, Settings

REPO = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((REPO / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("gridpulse")}


def test_it_is_valid_for_the_compose_specification():
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout


def test_every_dependency_and_volume_exists():
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= SERVICES.keys(), name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (REPO / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], volume


@pytest.mark.parametrize("name", OURS)
def test_every_service_of_ours_runs_a_command_that_exists_with_settings_that_exist(name):
    service = OURS[name]
    known = {PREFIX + field.upper() for field in Settings.model_fields}

    assert CliRunner().invoke(main, [*service["command"], "--help"]).exit_code == 0
    assert service["environment"].keys() <= known


def test_workers_have_names_of_their_own_and_are_scraped():
    workers = {name: service for name, service in OURS.items() if service["command"][0] == "worker"}
    scraped = yaml.safe_load((REPO / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"][1][
        "static_configs"
    ]
    targets = {target for group in scraped for target in group["targets"]}

    assert {service["environment"]["GRIDPULSE_INSTANCE"] for service in workers.values()} == workers.keys()
    assert {f"{name}:{worker['environment']['GRIDPULSE_WORKER_PORT']}" for name, worker in workers.items()} == targets
    assert {service["command"][2] for service in workers.values()} == {"cases", "voltage"}


def test_the_bridge_is_scraped_where_it_listens():
    jobs = yaml.safe_load((REPO / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"]
    (target,) = next(job for job in jobs if job["job_name"] == "gridpulse-notify")["static_configs"][0]["targets"]

    assert target == f"notify:{SERVICES['notify']['environment']['GRIDPULSE_NOTIFY_PORT']}"
    assert target.split(":")[1] in SERVICES["notify"]["healthcheck"]["test"][-1]


def test_alerts_go_to_the_alertmanager_that_is_there():
    prometheus = yaml.safe_load((REPO / "deploy/prometheus/prometheus.yml").read_text())
    (told,) = prometheus["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"]

    assert SERVICES["notify"]["environment"]["GRIDPULSE_ALERTMANAGER"] == f"http://{told}"
    assert told == "alertmanager:9093"
    assert "alertmanager" in SERVICES


def test_the_image_has_every_package_that_is_installed():
    packages = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"][
        "packages"
    ]
    lines = (REPO / "deploy/Dockerfile").read_text().splitlines()
    unignored = (REPO / ".dockerignore").read_text().splitlines()

    for package in packages:
        assert f"COPY {package} {package}" in lines
        assert f"!{package}" in unignored


def test_the_dockerfile_passes_its_linter():
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), "deploy/Dockerfile"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stdout
