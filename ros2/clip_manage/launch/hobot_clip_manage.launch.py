"""Starts the two encoder nodes and the manager.

    ros2 launch clip_manage hobot_clip_manage.launch.py clip_mode:=0 clip_storage_folder:=/data/pictures
    ros2 launch clip_manage hobot_clip_manage.launch.py clip_mode:=1 clip_text:="a dog on a sofa"
    ros2 launch clip_manage hobot_clip_manage.launch.py clip_mode:=2 clip_image_topic:=/camera/image_raw

In modes 0 and 1 the encoder nodes are stopped when the manager has finished. `clipseek launch` does the same where
there is no ROS 2."""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction, RegisterEventHandler, Shutdown
from launch.event_handlers import OnProcessExit
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue

# Name, default, description.
ARGUMENTS = [
    ('clip_mode', '0', '0: store the pictures of a folder, 1: answer a query, 2: stay and serve'),
    ('clip_db_file', 'clip.db', 'The database'),
    ('clip_text', 'a diagram', 'Mode 1: what the pictures should show'),
    ('clip_storage_folder', '/userdata/config', 'Mode 0: the folder of pictures'),
    ('clip_result_folder', '/userdata/result', 'Mode 1: the folder for links to the results'),
    ('clip_topk', '10', 'How many results'),
    ('clip_model', '', 'A checkpoint folder or a model\'s name; empty: the bundled model'),
    ('clip_precision', 'auto', 'auto, f32 or bf16: the precision of the model\'s arithmetic'),
    ('is_shared_mem_sub', 'auto', '1: pictures from /hbmem_img in shared memory, 0: from /image_raw, '
                                  'auto: in mode 2 from the one that has a publisher, otherwise 1'),
    ('clip_image_topic', '', 'The topic of the pictures; empty: /hbmem_img or /image_raw'),
    ('clip_data_sharing', 'own', 'own or automatic: the cameras whose pictures on /hbmem_img are read in shared memory, '
                                 'those of clip_publish_pictures or of TogetheROS'),
    ('clip_namespace', '', 'The namespace of the nodes, such as /robot1'),
]
CHOICES = {
    'clip_mode': ['0', '1', '2'],
    'clip_precision': ['auto', 'f32', 'bf16'],
    'is_shared_mem_sub': ['auto', '0', '1'],
    'clip_data_sharing': ['own', 'automatic'],
}
SERVE = 2


def text(value):
    """A parameter value of type string; without the type, "123" would become an integer."""
    return ParameterValue(value, value_type=str)


def node(package, executable, parameters, namespace):
    return Node(package=package, executable=executable, namespace=namespace, output='screen', parameters=[parameters],
                arguments=['--ros-args', '--log-level', 'warn'])


def stop_after_manager(event, context):
    """Ends the launch; `ros2 launch` then exits with 1 if the manager failed."""
    if context.is_shutdown:
        return None
    if event.returncode != 0:
        raise RuntimeError(f'clip_manage ended with exit code {event.returncode}')
    return [Shutdown(reason='clip_manage has finished')]


def launch_nodes(context):
    given = {name: LaunchConfiguration(name).perform(context) for name, _, _ in ARGUMENTS}
    model = {'precision': text(given['clip_precision'])}
    if given['clip_model']:
        model['model_file_name'] = text(given['clip_model'])
    mode = int(given['clip_mode'])
    namespace = given['clip_namespace']
    pictures = {
        'is_shared_mem_sub': (2 if mode == SERVE else 1) if given['is_shared_mem_sub'] == 'auto'
        else int(given['is_shared_mem_sub']),
        'image_topic': text(given['clip_image_topic']),
        'data_sharing': text(given['clip_data_sharing']),
    }
    manager = node('clip_manage', 'clip_manage', {
        'mode': mode,
        'db_file': text(given['clip_db_file']),
        'text': text(given['clip_text']),
        'storage_folder': text(given['clip_storage_folder']),
        'result_folder': text(given['clip_result_folder']),
        'topk': int(given['clip_topk']),
    }, namespace)
    # launch calls the handler that was registered last first. This one is registered before the nodes, so that it runs
    # after their last lines are printed.
    ending = [] if mode == SERVE else [
        RegisterEventHandler(OnProcessExit(target_action=manager, on_exit=stop_after_manager))]
    return [
        *ending,
        node('clip_encode_image', 'clip_encode_image', {'feed_type': 1, 'is_sync_mode': 1, **pictures, **model},
             namespace),
        node('clip_encode_text', 'clip_encode_text_node', {'feed_type': True, **model}, namespace),
        manager,
    ]


def generate_launch_description():
    declared = []
    for name, default, description in ARGUMENTS:
        choices = {'choices': CHOICES[name]} if name in CHOICES else {}
        declared.append(DeclareLaunchArgument(name, default_value=default, description=description, **choices))
    return LaunchDescription([*declared, OpaqueFunction(function=launch_nodes)])
