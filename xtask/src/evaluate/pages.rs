use super::Args;

pub fn run(_args: &Args) -> anyhow::Result<()> {
    anyhow::bail!("measuring pages is not there yet")
}
