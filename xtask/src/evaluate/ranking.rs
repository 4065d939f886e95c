use super::Args;

pub fn run(_args: &Args) -> anyhow::Result<()> {
    anyhow::bail!("measuring ranking is not there yet")
}
